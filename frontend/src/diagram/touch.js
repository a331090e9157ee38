/** Fingers on a diagram: one moves it, two zoom. The library itself only knows mouse and wheel. */

/**
 * @param {HTMLElement} element that holds the canvas; its style has `touch-action: none`
 * @param {import('diagram-js/lib/core/Canvas').default} canvas
 * @returns {() => void} stops listening
 */
export function followTouch(element, canvas) {
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();

  const onDown = (event) => {
    if (event.pointerType === 'touch') fingers.set(event.pointerId, place(event));
  };
  const onUp = (event) => fingers.delete(event.pointerId);
  const onMove = (event) => {
    if (!fingers.has(event.pointerId)) return;
    const before = span([...fingers.values()]);
    fingers.set(event.pointerId, place(event));
    const after = span([...fingers.values()]);
    canvas.scroll({ dx: after.x - before.x, dy: after.y - before.y });
    if (fingers.size === 2 && before.length > 0) zoomAround(element, canvas, after, after.length / before.length);
  };

  const listeners = { pointerdown: onDown, pointermove: onMove, pointerup: onUp, pointercancel: onUp };
  for (const [kind, listener] of Object.entries(listeners)) element.addEventListener(kind, listener);
  return () => {
    for (const [kind, listener] of Object.entries(listeners)) element.removeEventListener(kind, listener);
  };
}

function zoomAround(element, canvas, { x, y }, factor) {
  const { left, top } = element.getBoundingClientRect();
  canvas.zoom(canvas.zoom() * factor, { x: x - left, y: y - top });
}

function place({ clientX, clientY }) {
  return { x: clientX, y: clientY };
}

/** The middle of the fingers and, for two, how far apart they are. */
function span([first, second = first]) {
  return {
    x: (first.x + second.x) / 2,
    y: (first.y + second.y) / 2,
    length: Math.hypot(first.x - second.x, first.y - second.y),
  };
}
