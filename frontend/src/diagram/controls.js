/** The buttons at a diagram, and what its colours mean. */
import { el } from '../dom.js';
import { texts } from '../texts.js';
import { showAll } from './view.js';

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
      button('⤢', texts.fit, () => showAll(canvas))));
}

function button(sign, label, onclick) {
  return el('button', { type: 'button', class: 'btn btn-icon', 'aria-label': label, title: label, onclick }, sign);
}

function legend() {
  const entries = [['done', texts.done], ['active', texts.active], ['incident', texts.incident]];
  return el('div', { class: 'hy-diagram-legend' },
    ...entries.map(([state, label]) => el('span', { class: `is-${state}` }, label)));
}
