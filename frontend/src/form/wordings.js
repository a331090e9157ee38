/** form-js's own texts in the language of the page. */
import * as en from '../texts/form/en.js';
import * as hans from '../texts/form/zh-hans.js';
import * as hant from '../texts/form/zh-hant.js';
import { chosen } from '../texts/language.js';

const { wordings, patterns } = chosen({ 'zh-Hans': hans, 'zh-Hant': hant, en });

/** What a text with values looks like, by its name in the dictionaries. */
export const expressions = {
  minLength: /^Field must have minimum length of (.+)\.$/,
  maxLength: /^Field must have maximum length of (.+)\.$/,
  min: /^Field must have minimum value of (.+)\.$/,
  max: /^Field must have maximum value of (.+)\.$/,
  pattern: /^Field must match pattern .+$/s,
  decimalDigits: /^Value is expected to have at most (\d+) decimal digits?\.$/,
  increment: /^Please select a valid value, the two nearest valid values are (.+) and (.+)\.$/,
  expandAll: /^Expand all \((\d+)\)$/,
  removeItem: /^Remove list item (\d+)$/,
  download: /^Download (.+)$/,
};

/**
 * Returns a text of form-js in the language of the page; any other value as it is.
 *
 * @param {unknown} value
 */
export function translated(value) {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (Object.hasOwn(wordings, text)) return wordings[text];
  const found = Object.entries(expressions).find(([, expression]) => expression.test(text));
  return found ? text.replace(found[1], patterns[found[0]]) : value;
}
