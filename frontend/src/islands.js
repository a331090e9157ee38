/**
 * Finds the islands of a page, starts each when it can be seen, and takes it down when htmx removes it.
 *
 * The bundle of a kind is loaded with its first island: most pages have none, and no page has all kinds.
 */
import { el, notice } from './dom.js';
import { texts } from './texts.js';

/** Teardown functions of the running islands, by element. */
const running = new Map();

/** Where the bundle of each kind is: `{form: {file, css: […]}, …}`, written by the server. */
let bundles = {};

/** Promises of the bundles that were asked for, by kind. */
const loaded = new Map();

/** The bundle of a kind did not come: the network's doing, or a newer version's, and no mistake of this page. */
class NotLoadedError extends Error {}

/** Starts all islands, now and in whatever htmx loads later. */
export function startIslands() {
  bundles = JSON.parse(document.getElementById('island-bundles')?.textContent ?? '{}');
  const scan = (root) => {
    for (const element of root.querySelectorAll('[data-island]')) whenVisible(element, () => mount(element));
  };
  scan(document);
  document.addEventListener('htmx:load', (event) => scan(event.target.parentElement ?? document));
  document.addEventListener('htmx:beforeCleanupElement', (event) => unmount(event.target));
}

async function mount(element) {
  if (running.has(element)) return;
  running.set(element, () => {});
  try {
    const bundle = await bundleOf(element.dataset.island);
    if (!running.has(element)) return; // It left the page meanwhile.
    const script = element.querySelector('script[type="application/json"]');
    const teardown = await bundle.start(element, JSON.parse(script.textContent));
    if (!teardown) return;
    if (running.has(element)) running.set(element, teardown);
    else teardown();
  } catch (error) {
    if (error instanceof NotLoadedError) console.warn(error.cause);
    else console.error(error);
    const reason = error instanceof Error ? error.message : String(error);
    element.append(notice('danger', texts.islandFailed, el('div', {}, reason)));
  }
}

function unmount(element) {
  running.get(element)?.();
  running.delete(element);
}

/** Returns the module of a kind of islands: its `start(element, input)` draws one and returns what takes it down. */
function bundleOf(kind) {
  if (!loaded.has(kind)) {
    loaded.set(kind, load(bundles[kind]).catch((error) => {
      loaded.delete(kind); // The next island tries again.
      throw new NotLoadedError(texts.islandNotLoaded, { cause: error });
    }));
  }
  return loaded.get(kind);
}

/** The styles first, or what is drawn would be measured without them. */
async function load({ file, css }) {
  const [bundle] = await Promise.all([import(file), ...css.map(applyStyles)]);
  return bundle;
}

function applyStyles(href) {
  // A sheet that the page itself links was there before any script ran.
  if (document.head.querySelector(`link[rel="stylesheet"][href="${href}"]`)) return Promise.resolve();
  const link = el('link', { rel: 'stylesheet', href });
  const applied = new Promise((resolve, reject) => {
    link.addEventListener('load', () => resolve());
    link.addEventListener('error', () => {
      link.remove();
      reject(new Error(`${href} was not loaded.`));
    });
  });
  document.head.append(link);
  return applied;
}

/** Calls back once, when the element has a size: a diagram in a hidden tab cannot be fitted. */
function whenVisible(element, callback) {
  if (element.offsetParent !== null) {
    callback();
    return;
  }
  const observer = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    callback();
  });
  observer.observe(element);
}
