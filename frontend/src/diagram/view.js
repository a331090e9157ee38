/** Which part of a diagram is seen first, and how large. */

/** Smaller than this, names of tasks cannot be read. */
const readableScale = 0.6;
/** Of the place that all of the diagram is given, the rest is a margin. */
const margin = 0.94;

/** Shows all of the diagram in the middle, but never larger than it was drawn. */
export function showAll(canvas) {
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(1, (margin * outer.width) / inner.width, (margin * outer.height) / inner.height);
  const middle = { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2 };
  showAround(canvas, middle, scale);
}

/**
 * Shows all of the diagram, or, where it would be too small to read, the place where the instance stands.
 *
 * @param {import('diagram-js/lib/core/Canvas').default} canvas
 * @param {{x: number, y: number, width: number, height: number} | null} current the shape that matters now
 */
export function showFirst(canvas, current) {
  showAll(canvas);
  if (current === null || canvas.zoom() >= readableScale) return;
  showAround(canvas, { x: current.x + current.width / 2, y: current.y + current.height / 2 }, readableScale);
}

function showAround(canvas, middle, scale) {
  const { outer } = canvas.viewbox();
  const width = outer.width / scale;
  const height = outer.height / scale;
  canvas.viewbox({ x: middle.x - width / 2, y: middle.y - height / 2, width, height });
}
