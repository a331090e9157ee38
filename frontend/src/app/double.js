/** A form of a page is sent once, however often its button is pressed while the answer is awaited. */

/** For so long a second press counts as the same one; later somebody means it, as after a broken line. */
const sameMilliseconds = 5_000;

/** @type {WeakMap<HTMLFormElement, number>} */
const sentAt = new WeakMap();

export function startSendingOnce() {
  document.addEventListener('submit', (event) => {
    const form = event.target;
    // What a script sends, htmx or an island, is prevented already and minds itself.
    if (event.defaultPrevented || form.method !== 'post') return;
    const now = Date.now();
    if (now - (sentAt.get(form) ?? -Infinity) < sameMilliseconds) event.preventDefault();
    else sentAt.set(form, now);
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) document.querySelectorAll('form').forEach((form) => sentAt.delete(form));
  });
}
