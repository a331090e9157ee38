/**
 * form-js in the language of the page.
 *
 * form-js has no hook for translations, so its texts are exchanged where Preact makes its elements. Only the library's
 * own English texts are listed; labels of a form are never touched unless they equal one of them letter by letter.
 */
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/esm/l10n/zh.js';
import { MandarinTraditional } from 'flatpickr/dist/esm/l10n/zh-tw.js';
import { options } from 'preact';

import { chosen } from '../texts/language.js';
import { translated } from './wordings.js';

const translatedProperties = ['title', 'placeholder', 'aria-label'];

/** Marks a field that chooses among options: it asks to choose at first, to search once somebody is in it. */
const choosing = 'data-choosing';

/** Switches all forms of the page to its language. */
export function useLanguage() {
  const calendar = chosen({ 'zh-Hans': Mandarin, 'zh-Hant': MandarinTraditional, en: {} });
  flatpickr.localize({ ...calendar, firstDayOfWeek: 1 });
  const previous = options.vnode;
  options.vnode = (vnode) => {
    translate(vnode.props);
    previous?.(vnode);
  };
  document.addEventListener('focusin', (event) => ask(event.target, translated('Search')));
  document.addEventListener('focusout', (event) => ask(event.target, translated('Select')));
}

function translate(properties) {
  if (!properties) return;
  if (properties.placeholder === 'Search') askToChoose(properties);
  const { children, errors } = properties;
  if (Array.isArray(children)) children.forEach((child, index) => (children[index] = translated(child)));
  else if (typeof children === 'string') properties.children = translated(children);
  if (Array.isArray(errors)) properties.errors = errors.map(translated);
  for (const name of translatedProperties) {
    if (typeof properties[name] === 'string') properties[name] = translated(properties[name]);
  }
}

function askToChoose(properties) {
  properties[choosing] = true;
  properties.placeholder = properties.disabled || properties.readOnly ? '' : 'Select';
}

function ask(field, text) {
  if (field.hasAttribute?.(choosing) && !field.readOnly) field.placeholder = text;
}
