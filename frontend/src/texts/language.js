/** Which language the page speaks, as `<html lang>` says it. */

/** Every language of the pages; the first is the one they are written in. */
export const languages = ['zh-Hans', 'zh-Hant', 'en'];

/**
 * Returns the language of a tag such as `zh-Hant-TW`, the first of `languages` for an unknown one.
 *
 * @param {string} tag
 */
export function languageOf(tag) {
  return languages.find((language) => tag === language || tag.startsWith(`${language}-`)) ?? languages[0];
}

/** The language of this page. */
export const language = languageOf(globalThis.document?.documentElement.lang ?? '');

/**
 * Returns what a page in this language shows.
 *
 * @template T
 * @param {Record<string, T>} dictionaries by language
 */
export function chosen(dictionaries) {
  return dictionaries[language];
}
