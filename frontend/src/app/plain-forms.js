/** Forms of pages that keep what was typed until the server has taken it: `form[data-keep-input]`. */
import { el } from '../dom.js';
import { send } from '../http.js';
import { texts } from '../texts.js';
import { toast } from './toasts.js';
import { markUnsaved } from './unsaved.js';

/** @type {WeakSet<HTMLFormElement>} */
const underWay = new WeakSet();

export function startKeepingInput() {
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented || !event.target.matches('form[data-keep-input]')) return;
    event.preventDefault();
    void hand(event.target);
  });
}

/** Sends the form; goes on where the server says, or says why it was refused, with all still in its place. */
async function hand(form) {
  if (underWay.has(form)) return;
  underWay.add(form);
  form.setAttribute('aria-busy', 'true');
  const values = new FormData(form);
  values.delete('csrf_token'); // The header has it, renewed when somebody has signed in again meanwhile.
  const answer = await send('POST', form.action, values);
  if (answer.ok) {
    goOn(answer.body.next);
    return;
  }
  underWay.delete(form);
  form.removeAttribute('aria-busy');
  markUnsaved(form, form.matches('[data-guard-unsaved]'));
  if (answer.status === 401) toast(texts.sessionOver, 'danger', signIn());
  else toast(answer.reason, 'danger', answer.id ? texts.errorId(answer.id) : null);
}

/** Another place in the page that is open would not load it anew. */
function goOn(next) {
  const url = new URL(next, location.href);
  const isHere = url.pathname === location.pathname && url.search === location.search;
  location.assign(url);
  if (isHere && url.hash !== '') location.reload();
}

function signIn() {
  return el('span', {}, texts.signInAndSubmit, ' ',
    el('a', { href: '/sign-in', target: '_blank', rel: 'noopener' }, texts.signInElsewhere));
}
