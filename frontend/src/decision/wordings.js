/** dmn-js's own texts in the language of the page. */
import en from '../texts/decision/en.js';
import hans from '../texts/decision/zh-hans.js';
import hant from '../texts/decision/zh-hant.js';
import { chosen } from '../texts/language.js';

/** @type {Record<string, string>} */
const wordings = chosen({ 'zh-Hans': hans, 'zh-Hant': hant, en });

/**
 * Returns a text of the library in the language of the page, with its `{places}` filled.
 *
 * @param {string} template
 * @param {Record<string, string>} [replacements]
 */
export function translate(template, replacements = {}) {
  const text = Object.hasOwn(wordings, template) ? wordings[template] : template;
  return text.replace(/{([^}]+)}/g, (place, key) => replacements[key.trim()] ?? place);
}
