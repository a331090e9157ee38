/** The buttons at a diagram, and what its colours mean. */
import { el } from '../dom.js';
import { texts } from '../texts.js';

const step = 1.25;

/**
 * Returns the bar of buttons.
 *
 * @param {import('bpmn-js/lib/NavigatedViewer').default} viewer
 * @param {boolean} hasStates whether the colours need an explanation
 */
export function zoomControls(viewer, hasStates) {
  const canvas = viewer.get('canvas');
  const zoomBy = (factor) => canvas.zoom(canvas.zoom() * factor, 'auto');
  return el('div', { class: 'hy-diagram-controls' },
    hasStates ? legend() : null,
    el('div', { class: 'btn-group' },
      button('+', texts.zoomIn, () => zoomBy(step)),
      button('−', texts.zoomOut, () => zoomBy(1 / step)),
      button('⤢', texts.fit, () => fitDiagram(canvas))));
}

/** Shows all of the diagram, but never larger than it was drawn. */
export function fitDiagram(canvas) {
  const scale = canvas.zoom('fit-viewport', 'auto');
  if (scale > 1) canvas.zoom(1, 'auto');
}

function button(sign, label, onclick) {
  return el('button', { type: 'button', class: 'btn btn-icon', 'aria-label': label, title: label, onclick }, sign);
}

function legend() {
  const entries = [['done', texts.done], ['active', texts.active], ['incident', texts.incident]];
  return el('div', { class: 'hy-diagram-legend' },
    ...entries.map(([state, label]) => el('span', { class: `is-${state}` }, label)));
}
