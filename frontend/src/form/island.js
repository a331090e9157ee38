/** The form island: draws one form and brings drafts, uploads and the submission together. */
import { Form } from '@bpmn-io/form-js-viewer';

import { markUnsaved } from '../app/unsaved.js';
import { el } from '../dom.js';
import { PendingFiles } from './attachments.js';
import { Draft, showDraftState } from './draft.js';
import { expressionModule } from './expressions.js';
import { filePickerModule } from './file-picker.jsx';
import { useLanguage } from './library-texts.js';
import { showProblems } from './problem-display.js';
import { prepareSchema } from './schema.js';
import { Submission } from './submission.js';

useLanguage();
document.addEventListener('click', pressSubmit);

/** The running forms by their element, for the submit buttons outside of them. */
const formByElement = new Map();

/**
 * Draws the form.
 *
 * @param {HTMLElement} element
 * @param {object} input see README.md §2
 * @returns {Promise<() => void>} flushes the draft and takes the form down
 */
export async function startForm(element, input) {
  const { schema, data = {}, readOnly = false, problems = [] } = input;
  const pendingFiles = new PendingFiles();
  const top = el('div', { class: 'hy-form-top' });
  const body = el('div', { class: 'hy-form-body' });
  element.append(top, body);
  const form = new Form({
    container: body,
    // Each key counts at once. By default the form waits for a pause, and whatever makes it draw itself anew in the
    // meantime (a date that was just picked) puts the old text back and loses what was typed.
    debounce: false,
    properties: { readOnly },
    additionalModules: [filePickerModule(pendingFiles, input.documentUrl), expressionModule],
  });
  await form.importSchema(prepareSchema(schema, data), data);
  if (problems.length > 0) {
    await firstValidation();
    await showProblems(form, top, problems);
  }
  if (readOnly || !input.submitUrl) return () => form.destroy();

  const draft = startDraft(element, form, pendingFiles, input);
  const submission = new Submission({ element, form, top, draft, pendingFiles, ...input });
  form.on('submit', ({ errors }) => void submission.send(errors));
  formByElement.set(element, form);
  for (const button of submitButtonsOf(element)) button.disabled = false;
  return () => {
    draft.stop();
    formByElement.delete(element);
    markUnsaved(element, false);
    form.destroy();
  };
}

function startDraft(element, form, pendingFiles, { draftUrl = null, draftVersion = null }) {
  const draft = new Draft({
    url: draftUrl,
    version: draftVersion,
    // What is typed, without files that exist only in this browser.
    read: () => pendingFiles.strip(form._getSubmitData()),
    commit: () => commitTyping(element),
    onState: (state, isWarning) => showDraftState(element, state, isWarning),
    onUnsaved: (isUnsaved) => markUnsaved(element, isUnsaved || pendingFiles.isAnyChosen()),
  });
  form.on('changed', () => draft.schedule());
  // What the form computes by itself when it is drawn is no change by a person, so the count starts with the first touch.
  for (const kind of ['pointerdown', 'keydown', 'input', 'change']) {
    element.addEventListener(kind, () => draft.start(), { capture: true });
  }
  return draft;
}

/** Returns the buttons that hand in this form: their value is the id of its island, or empty for the only one. */
function submitButtonsOf(element) {
  const buttons = [...document.querySelectorAll('[data-form-submit]')];
  return buttons.filter((button) => ['', element.id].includes(button.dataset.formSubmit));
}

/** A click on any `[data-form-submit]`. */
function pressSubmit(event) {
  const button = event.target.closest?.('[data-form-submit]');
  if (!button) return;
  event.preventDefault();
  const id = button.dataset.formSubmit;
  const element = id ? document.getElementById(id) : document.querySelector('[data-island="form"]');
  const form = formByElement.get(element);
  if (!form) return;
  commitTyping(element);
  form.submit();
}

/**
 * Makes the form take over what was typed just now: it waits for a pause of 0.3 s, or for the field to be left.
 *
 * @param {HTMLElement} element
 */
function commitTyping(element) {
  const field = document.activeElement;
  if (!element.contains(field)) return;
  field.blur();
  field.focus({ preventScroll: true });
}

/** form-js checks filled fields once after it has drawn them, which would wipe out messages that were set earlier. */
function firstValidation() {
  return new Promise((resolve) => setTimeout(resolve, 150));
}
