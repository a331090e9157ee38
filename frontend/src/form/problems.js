/** The server's problems as form-js keeps them: by field id, in dynamic lists by index. */

/**
 * @typedef {object} Problem
 * @property {string} [path] such as `items[0].amount`
 * @property {string} [field_id] id of the component in the schema
 * @property {string} message
 */

/**
 * Divides problems into those that a field can show and the rest.
 *
 * @param {Problem[]} problems
 * @param {Set<string>} fieldIds ids of the fields that are drawn
 * @returns {{errors: Record<string, any>, rest: Problem[]}} errors: messages by field id; for a field in a dynamic
 *     list, messages by index (nested, outermost list first)
 */
export function divideProblems(problems, fieldIds) {
  const errors = {};
  const rest = [];
  for (const problem of problems) {
    if (fieldIds.has(problem.field_id)) addMessage(errors, problem);
    else rest.push(problem);
  }
  return { errors, rest };
}

/**
 * Returns the indexes that a path goes through, outermost first.
 *
 * @param {string} [path] `items[0].amount` or `items.0.amount`
 */
export function indexesOf(path = '') {
  return [...path.matchAll(/\[(\d+)\]|\.(\d+)(?=\.|$)/g)].map(([, inBrackets, afterDot]) => Number(inBrackets ?? afterDot));
}

function addMessage(errors, { field_id: fieldId, path, message }) {
  const steps = [fieldId, ...indexesOf(path)];
  const last = steps.pop();
  const place = steps.reduce((level, step) => (level[step] ??= {}), errors);
  place[last] = [...(place[last] ?? []), message];
}
