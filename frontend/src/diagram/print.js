/** A diagram on paper: all of it, whatever part of it is seen on the screen. */
import { showAll } from './view.js';

/**
 * Gives the diagram the size of a sheet while the page is printed.
 *
 * @param {HTMLElement} element the island
 * @param {import('diagram-js/lib/core/Canvas').default} canvas
 * @returns {() => void} stops it
 */
export function fitToPaper(element, canvas) {
  let seen = null;
  const before = () => {
    seen = null;
    if (element.offsetParent === null) return; // In a tab that is not open: it is not printed.
    const { x, y, width, height } = canvas.viewbox();
    seen = { x, y, width, height };
    element.classList.add('is-for-paper');
    canvas.resized();
    showAll(canvas);
  };
  const after = () => {
    if (seen === null) return;
    element.classList.remove('is-for-paper');
    canvas.resized();
    canvas.viewbox(seen);
  };
  window.addEventListener('beforeprint', before);
  window.addEventListener('afterprint', after);
  return () => {
    window.removeEventListener('beforeprint', before);
    window.removeEventListener('afterprint', after);
  };
}
