/** The diagram island: a BPMN diagram with what is done, what is under way and what went wrong. */
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';

import { el } from '../dom.js';
import { fetchText } from '../http.js';
import { texts } from '../texts.js';
import { zoomControls } from './controls.js';
import { showCounts, showStates } from './states.js';
import { fitToPaper } from './print.js';
import { followTouch } from './touch.js';
import { showFirst } from './view.js';

/**
 * Draws the diagram.
 *
 * @param {HTMLElement} element
 * @param {object} input see README.md §2
 */
export async function startDiagram(element, input) {
  const canvasElement = el('div', { class: 'hy-diagram-canvas' });
  const waiting = el('div', { class: 'hy-diagram-waiting' }, texts.loading);
  element.append(canvasElement, waiting);
  const viewer = new NavigatedViewer({ container: canvasElement });
  try {
    const xml = await fetchText(input.xmlUrl, texts.diagram);
    if (!/<(\w+:)?BPMNPlane\b/.test(xml)) throw new Error(texts.noDrawing);
    await viewer.importXML(xml);
  } finally {
    waiting.remove();
  }
  const states = statesOf(input);
  showStates(viewer, states, new Set(input.taken ?? []));
  showCounts(viewer, input.counts ?? {}, states);
  if (input.labels) showLabelsOnClick(viewer, element, input.labels);
  element.append(zoomControls(viewer, states.size > 0));
  const stopTouch = followTouch(canvasElement, viewer.get('canvas'));
  const stopPrinting = fitToPaper(element, viewer.get('canvas'));
  const stopFitting = fitWhenResized(viewer, canvasElement, currentShape(viewer, input));
  return () => {
    stopTouch();
    stopFitting();
    stopPrinting();
    viewer.destroy();
  };
}

/** The state of each element by its id. Where several hold, the one that needs a person stands above. */
function statesOf({ completed = [], active = [], incidents = [] }) {
  return new Map([
    ...completed.map((id) => [id, 'done']),
    ...active.map((id) => [id, 'active']),
    ...incidents.map((id) => [id, 'incident']),
  ]);
}

/** The shape where the instance stands: what went wrong first, then what is under way. */
function currentShape(viewer, { active = [], incidents = [] }) {
  const elementRegistry = viewer.get('elementRegistry');
  return [...incidents, ...active].map((id) => elementRegistry.get(id)).find(Boolean) ?? null;
}

/** Fits the diagram to its place, again when the place changes, until a person has moved it. */
function fitWhenResized(viewer, canvasElement, current) {
  const canvas = viewer.get('canvas');
  let isMoved = false;
  const observer = new ResizeObserver(() => {
    canvas.resized();
    if (!isMoved && canvasElement.clientWidth > 0) showFirst(canvas, current);
  });
  observer.observe(canvasElement);
  for (const kind of ['wheel', 'pointerdown']) {
    canvasElement.addEventListener(kind, () => (isMoved = true), { passive: true });
  }
  return () => observer.disconnect();
}

/** A click on an element opens a card with its labels; a click beside it closes the card. */
function showLabelsOnClick(viewer, element, labels) {
  const card = el('aside', { class: 'hy-diagram-card', hidden: true, 'aria-live': 'polite' });
  element.append(card);
  viewer.on('element.click', ({ element: clicked }) => {
    const id = clicked.labelTarget?.id ?? clicked.id;
    const rows = Object.hasOwn(labels, id) ? labels[id] : null;
    card.hidden = rows === null;
    if (rows === null) return;
    card.replaceChildren(
      el('b', {}, clicked.businessObject.name ?? id),
      el('dl', {}, ...rows.map(([label, text]) => el('div', {}, el('dt', {}, label), el('dd', {}, text)))),
    );
  });
}
