/** Every language says everything. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { expressions } from '../src/form/wordings.js';
import { chosen, languageOf, languages } from '../src/texts/language.js';

const topics = ['app', 'decision', 'form'];
const folder = new URL('../src/texts/', import.meta.url);

/** The dictionaries of a topic by language, each flattened to `name → text`. */
async function dictionariesOf(topic) {
  const found = {};
  for (const language of languages) {
    const module = await import(new URL(`${topic}/${language.toLowerCase()}.js`, folder));
    found[language] = module.default ?? { ...module.wordings, ...module.patterns };
  }
  return found;
}

for (const topic of topics) {
  test(`all languages have the same keys: ${topic}`, async () => {
    const { 'zh-Hans': written, ...others } = await dictionariesOf(topic);
    for (const [language, texts] of Object.entries(others)) {
      assert.deepEqual(Object.keys(texts).sort(), Object.keys(written).sort(), language);
      for (const [key, text] of Object.entries(texts)) {
        assert.equal(typeof text, typeof written[key], `${language}: ${key}`);
        assert.equal(text.length, typeof text === 'function' ? written[key].length : text.length, `${language}: ${key}`);
      }
    }
  });

  test(`English has no Chinese in it: ${topic}`, async () => {
    const source = await readFile(new URL(`${topic}/en.js`, folder), 'utf8');
    assert.doesNotMatch(source, /\p{Script=Han}/u);
  });

  test(`the places of values are the same in all languages: ${topic}`, async () => {
    const { 'zh-Hans': written, ...others } = await dictionariesOf(topic);
    for (const texts of Object.values(others)) {
      for (const [key, text] of Object.entries(texts)) {
        if (typeof text !== 'string') continue;
        assert.deepEqual(text.match(/\$\d/g), written[key].match(/\$\d/g), key);
      }
    }
  });
}

test('every text with values of the form library has its sentence', async () => {
  const { patterns } = await import('../src/texts/form/zh-hans.js');
  assert.deepEqual(Object.keys(patterns), Object.keys(expressions));
});

const tags = [
  ['zh-Hans-CN', 'zh-Hans'],
  ['zh-Hant-TW', 'zh-Hant'],
  ['en', 'en'],
  ['en-GB', 'en'],
  ['', 'zh-Hans'],
  ['fr', 'zh-Hans'],
];

for (const [tag, expected] of tags) {
  test(`the page's tag chooses its language: «${tag}»`, () => {
    assert.equal(languageOf(tag), expected);
  });
}

test('a page without a language is in the one the texts are written in', () => {
  assert.equal(chosen({ 'zh-Hans': '流程图', 'zh-Hant': '流程圖', en: 'Diagram' }), '流程图');
});
