/** What was typed into a form, as text that a person can keep. */
import { texts } from '../texts.js';

/**
 * Returns a line «label：value» for each value of a form.
 *
 * @param {object} schema form-js JSON
 * @param {object} values as submitted
 */
export function describeValues(schema, values) {
  const labelByKey = new Map();
  collectLabels(schema, labelByKey);
  return lines(values, labelByKey, '').join('\n');
}

function collectLabels(component, labelByKey) {
  const key = component.key ?? component.path;
  if (key && component.label) labelByKey.set(String(key).split('.').pop(), component.label);
  component.components?.forEach((child) => collectLabels(child, labelByKey));
}

function lines(values, labelByKey, prefix) {
  return Object.entries(values).flatMap(([key, value]) => {
    const label = `${prefix}${labelByKey.get(key) ?? key}`;
    if (value === null || value === undefined || value === '') return [];
    if (Array.isArray(value) && value.every(isRow)) {
      return value.flatMap((row, index) => lines(row, labelByKey, `${label} ${index + 1} · `));
    }
    return isRow(value) ? lines(value, labelByKey, `${label} · `) : [texts.labelled(label, plain(value))];
  });
}

/** Whether a value is a group or a row of a list, not a document. */
function isRow(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !isDocument(value);
}

function isDocument(value) {
  return 'documentId' in value || 'pendingId' in value;
}

function plain(value) {
  if (Array.isArray(value)) return texts.listed(value.map(plain));
  if (value !== null && typeof value === 'object') return value.metadata?.fileName ?? value.documentId ?? JSON.stringify(value);
  if (value === true) return texts.yes;
  return value === false ? texts.no : String(value);
}
