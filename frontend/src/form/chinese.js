/**
 * form-js in Chinese.
 *
 * form-js has no hook for translations, so its texts are exchanged where Preact makes its elements. Only the library's
 * own English texts are listed; labels of a form are never touched unless they equal one of them letter by letter.
 */
import flatpickr from 'flatpickr';
import { Mandarin } from 'flatpickr/dist/esm/l10n/zh.js';
import { options } from 'preact';

import { toChinese } from './wordings.js';

const translatedProperties = ['title', 'placeholder', 'aria-label'];

/** Switches all forms of the page to Chinese. */
export function useChinese() {
  flatpickr.localize({ ...Mandarin, firstDayOfWeek: 1 });
  const previous = options.vnode;
  options.vnode = (vnode) => {
    translate(vnode.props);
    previous?.(vnode);
  };
}

function translate(properties) {
  if (!properties) return;
  const { children, errors } = properties;
  if (Array.isArray(children)) children.forEach((child, index) => (children[index] = toChinese(child)));
  else if (typeof children === 'string') properties.children = toChinese(children);
  if (Array.isArray(errors)) properties.errors = errors.map(toChinese);
  for (const name of translatedProperties) {
    if (typeof properties[name] === 'string') properties[name] = toChinese(properties[name]);
  }
}
