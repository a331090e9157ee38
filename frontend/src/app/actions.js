/** Small attributes of pages: copying, filters that send themselves, the two panes on a phone. */
import { texts } from '../texts.js';
import { toast } from './toasts.js';

export function startActions() {
  document.addEventListener('change', (event) => {
    if (event.target.matches?.('[data-auto-submit]')) event.target.form?.requestSubmit();
  });
  document.addEventListener('click', (event) => {
    const copier = event.target.closest?.('[data-copy]');
    if (copier) void copy(copier.dataset.copy);
    const back = event.target.closest?.('[data-show-list]');
    if (back) showList(back, event);
  });
  document.addEventListener('htmx:afterSwap', (event) => {
    const pane = event.detail.target;
    if (!pane.matches?.('.hy-detail-pane')) return;
    pane.closest('.hy-split')?.classList.add('is-detail');
    goInto(pane);
  });
  // The page of one task, as after claiming it.
  const opened = document.querySelector('.hy-split.is-detail > .hy-detail-pane');
  if (opened && document.activeElement === document.body) goInto(opened);
}

/** Whoever opens a task goes on in it: the next Tab is not the navigation, nor the next task of fifty. */
function goInto(pane) {
  pane.focus({ preventScroll: true });
}

/**
 * Puts a text on the clipboard and says whether that worked.
 *
 * @param {string} text
 */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(texts.copied, 'success');
  } catch {
    toast(texts.copyFailed, 'warning'); // No clipboard without https or permission.
  }
}

/** Goes back to the list without a request, when the list is in this page. */
function showList(link, event) {
  const split = link.closest('.hy-split.is-detail');
  if (!split?.querySelector('.hy-list-pane')) return;
  event.preventDefault();
  split.classList.remove('is-detail');
  history.replaceState({ htmx: true }, '', link.href);
}
