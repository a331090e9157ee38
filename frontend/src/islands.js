/** Finds the islands of a page, starts each when it can be seen, and takes it down when htmx removes it. */
import { el, notice } from './dom.js';
import { texts } from './texts.js';

/** Teardown functions of the running islands, by element. */
const running = new Map();

/**
 * Starts all islands of a kind, now and in whatever htmx loads later.
 *
 * @param {string} kind value of `data-island`
 * @param {(element: HTMLElement, input: any) => Promise<(() => void) | void>} start draws the island; what it returns
 *     is called when the element leaves the page
 */
export function mountIslands(kind, start) {
  const scan = (root) => {
    for (const element of root.querySelectorAll(`[data-island="${kind}"]`)) whenVisible(element, () => mount(element, start));
  };
  scan(document);
  document.addEventListener('htmx:load', (event) => scan(event.target.parentElement ?? document));
  document.addEventListener('htmx:beforeCleanupElement', (event) => unmount(event.target));
}

async function mount(element, start) {
  if (running.has(element)) return;
  running.set(element, () => {});
  try {
    const script = element.querySelector('script[type="application/json"]');
    const teardown = await start(element, JSON.parse(script.textContent));
    if (teardown) running.set(element, teardown);
  } catch (error) {
    console.error(error);
    const reason = error instanceof Error ? error.message : String(error);
    element.append(notice('danger', texts.islandFailed, el('div', {}, reason)));
  }
}

function unmount(element) {
  running.get(element)?.();
  running.delete(element);
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
