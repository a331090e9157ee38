/** Questions before an act: `data-confirm`, `hx-confirm`, and leaving with unsaved input. */
import { el } from '../dom.js';
import { texts } from '../texts.js';
import { hasUnsavedWithin, leaveQuestion } from './unsaved.js';

/**
 * Asks and returns the answer; Escape means no. An Enter that is held, or pressed twice, does nothing dangerous.
 *
 * @param {{message: string, label?: string, isDanger?: boolean}} question
 * @returns {Promise<boolean>}
 */
export function ask({ message, label = texts.confirm, isDanger = false }) {
  const dialog = el('dialog', { class: 'hy-dialog', 'aria-label': message },
    el('form', { method: 'dialog' },
      el('p', {}, message),
      el('div', { class: 'hy-dialog-actions' },
        el('button', { class: 'btn', value: 'no', autofocus: isDanger }, texts.cancel),
        el('button', { class: `btn ${isDanger ? 'btn-danger' : 'btn-primary'}`, value: 'yes', autofocus: !isDanger }, label))));
  return showOnce(dialog).then((answer) => answer === 'yes');
}

/**
 * Shows a dialog that is thrown away afterwards, and returns the value of the button that closed it.
 *
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<string>}
 */
export function showOnce(dialog) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

export function startDialogs() {
  document.addEventListener('click', confirmClick, { capture: true });
  document.addEventListener('htmx:confirm', confirmRequest);
  document.addEventListener('click', (event) => {
    const opener = event.target.closest?.('[data-dialog]');
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  });
}

/** The element whose click was confirmed and is now repeated. */
let confirmed = null;

async function confirmClick(event) {
  const element = event.target.closest?.('[data-confirm]');
  if (!element || element === confirmed) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { confirm: message, confirmLabel: label, confirmDanger: danger } = element.dataset;
  if (!(await ask({ message, label, isDanger: danger !== undefined }))) return;
  confirmed = element;
  element.click();
  confirmed = null;
}

/** htmx asks before each request; `question` is the text of `hx-confirm`, if there is one. */
async function confirmRequest(event) {
  const { question, target, issueRequest } = event.detail;
  const losesInput = target && hasUnsavedWithin(target);
  if (!question && !losesInput) return;
  event.preventDefault();
  const isAgreed = await ask(losesInput ? leaveQuestion : { message: question });
  if (isAgreed) issueRequest(true);
}
