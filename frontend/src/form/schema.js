/** What is changed in a form's schema before the browser draws it. The server judges by the form as it was deployed. */
import { texts } from '../texts.js';

/** form-js's own rule refuses Chinese numbers; ours only keeps out what cannot be a number. The server has the rule. */
const phoneCharacters = '^[+(（\\d][\\d\\s()（）转-]{4,30}$';

/**
 * Returns a copy of the schema for the viewer.
 *
 * @param {object} schema form-js JSON
 * @param {object} data initial values
 */
export function prepareSchema(schema, data) {
  return prepare(structuredClone(schema), data);
}

function prepare(component, data) {
  if (component.properties?.auto) makeAutomatic(component, data);
  if (component.validate?.validationType === 'phone') acceptPhones(component.validate);
  if (component.type === 'datetime') component.use24h ??= true;
  component.components?.forEach((child) => prepare(child, data));
  return component;
}

/** The server fills the field, so it must not be typed and its absence must not stop the submission here. */
function makeAutomatic(component, data) {
  component.readonly = true;
  delete component.validate;
  const isEmpty = (data[component.key] ?? '') === '';
  if (isEmpty && !component.description) component.description = texts.autoField;
}

function acceptPhones(validate) {
  delete validate.validationType;
  validate.pattern ??= phoneCharacters;
  validate.patternErrorMessage ??= texts.phoneExpected;
}
