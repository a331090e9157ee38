/** Shows problems at the fields of a drawn form, the rest on top, and goes to the first. */
import { el, notice } from '../dom.js';
import { texts } from '../texts.js';
import { divideProblems } from './problems.js';

/**
 * @param {import('@bpmn-io/form-js-viewer').Form} form
 * @param {HTMLElement} top place for what no field can show
 * @param {import('./problems.js').Problem[]} problems
 */
export async function showProblems(form, top, problems) {
  // Hidden fields are not among them.
  const fields = form.get('formFieldInstanceRegistry').getAllKeyed();
  const { errors, rest } = divideProblems(problems, new Set(fields.map(({ id }) => id)));
  form._setState({ errors });
  top.replaceChildren();
  if (rest.length > 0) {
    top.append(notice('danger', texts.correctFields(problems.length),
      el('ul', {}, ...rest.map((problem) => el('li', {}, describe(form, problem))))));
  }
  await focusFirstProblem(form, top);
}

/**
 * Moves the focus to the first field that has a message, else to the banner on top.
 *
 * @param {import('@bpmn-io/form-js-viewer').Form} form
 * @param {HTMLElement} top
 */
export async function focusFirstProblem(form, top) {
  await nextFrame(); // form-js draws its messages in the next frame.
  await nextFrame();
  const field = form._container.querySelector('.fjs-form-field.fjs-has-errors');
  const control = field?.querySelector('input:not([type=file]), textarea, select, button');
  const place = control ?? field ?? top.firstElementChild;
  place?.focus({ preventScroll: true });
  (field ?? place)?.scrollIntoView({ block: 'center' });
}

function describe(form, { field_id: fieldId, path, message }) {
  const label = form.get('formFieldRegistry').get(fieldId)?.label ?? path;
  return label ? `${label}：${message}` : message;
}

function nextFrame() {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
