/** Knows which parts of the page hold input that would be lost, and asks before it is. */
import { texts } from '../texts.js';

/** @type {Set<Element>} */
const unsavedElements = new Set();

/**
 * Says whether an element holds input that is nowhere else.
 *
 * @param {Element} element
 * @param {boolean} isUnsaved
 */
export function markUnsaved(element, isUnsaved) {
  if (isUnsaved) unsavedElements.add(element);
  else unsavedElements.delete(element);
}

/** @param {Element} root */
export function hasUnsavedWithin(root) {
  return [...unsavedElements].some((element) => element.isConnected && root.contains(element));
}

export function startUnsavedGuard() {
  window.addEventListener('beforeunload', (event) => {
    if (hasUnsavedWithin(document.documentElement)) event.preventDefault();
  });
  document.addEventListener('input', (event) => {
    const form = event.target.closest?.('form[data-guard-unsaved]');
    if (form) markUnsaved(form, true);
  });
  document.addEventListener('submit', (event) => markUnsaved(event.target, false));
}

export const leaveQuestion = { message: texts.leaveUnsaved, label: texts.leave, isDanger: true };
