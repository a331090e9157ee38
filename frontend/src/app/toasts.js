/** Short notices in a corner: from the server's events, from failed requests, and from our own code. */
import { answerMilliseconds, describe } from '../http.js';
import { el } from '../dom.js';
import { texts } from '../texts.js';

const shownMilliseconds = 5_000;
const kinds = ['success', 'info', 'warning', 'danger'];

/**
 * Shows a notice. A danger stays until it is closed, the others go by themselves.
 *
 * @param {string} message
 * @param {'success' | 'info' | 'warning' | 'danger'} [kind]
 * @param {string | Node | null} [detail] a second, smaller line
 */
export function toast(message, kind = 'info', detail = null) {
  const shownKind = kinds.includes(kind) ? kind : 'info';
  const box = el('div', { class: `hy-toast is-${shownKind}`, role: shownKind === 'danger' ? 'alert' : 'status' },
    el('div', {}, message, detail ? el('small', {}, detail) : null),
    el('button', { type: 'button', class: 'btn-close', 'aria-label': texts.close, onclick: () => box.remove() }));
  stack().append(box);
  if (shownKind !== 'danger') setTimeout(() => box.remove(), shownMilliseconds);
}

export function startToasts() {
  document.addEventListener('toast', (event) => toast(event.detail.message, event.detail.kind));
  document.addEventListener('htmx:sendError', () => toast(texts.networkError, 'danger'));
  document.addEventListener('htmx:timeout', () => toast(texts.noAnswer(answerMilliseconds / 1000), 'danger'));
  document.addEventListener('htmx:responseError', (event) => showFailure(event.detail.xhr));
  for (const element of document.querySelectorAll('[data-toast]')) {
    element.hidden = true;
    toast(element.textContent.trim(), element.dataset.toast);
  }
}

function showFailure(xhr) {
  let body = null;
  try {
    body = JSON.parse(xhr.responseText);
  } catch {
    // An error page in HTML: its status and the request's id are what we can tell.
  }
  const { reason, id } = describe(xhr.status, xhr.getResponseHeader('X-Request-ID'), body);
  toast(reason, 'danger', id ? texts.errorId(id) : null);
}

function stack() {
  const present = document.querySelector('.hy-toasts');
  if (present) return present;
  const made = el('div', { class: 'hy-toasts' });
  document.body.append(made);
  return made;
}
