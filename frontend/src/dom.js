/** Elements made without HTML text, so that nothing typed by a person is ever read as markup. */

/**
 * Returns a new element.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] attributes; `on…` functions are listeners; null and false are left out
 * @param {...(Node | string | null)} children
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Returns a banner for the inside of a page.
 *
 * @param {'danger' | 'warning' | 'info' | 'success'} kind
 * @param {string} title
 * @param {...(Node | string | null)} content
 */
export function notice(kind, title, ...content) {
  const role = kind === 'danger' ? 'alert' : 'status';
  return el('div', { class: `hy-notice is-${kind}`, role, tabindex: '-1' }, el('b', {}, title), ...content);
}
