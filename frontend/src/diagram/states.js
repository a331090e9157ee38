/** Colours and counts on a drawn diagram. */
import { el } from '../dom.js';

/** Names of the colours in `styles/tokens.css`, which the legend has too. */
const tokens = {
  done: { stroke: '--hy-done', fill: '--hy-done-soft' },
  active: { stroke: '--hy-brand', fill: '--hy-active-soft' },
  incident: { stroke: '--hy-danger', fill: '--hy-danger-soft' },
};

/**
 * Colours elements by their state and the flows that were taken.
 *
 * The colour is written into the drawing's own colour attribute, as a modeler would, so that arrowheads and icons follow.
 *
 * @param {import('bpmn-js/lib/NavigatedViewer').default} viewer
 * @param {Map<string, 'done' | 'active' | 'incident'>} states
 * @param {Set<string>} taken ids of sequence flows
 */
export function showStates(viewer, states, taken) {
  const canvas = viewer.get('canvas');
  const page = getComputedStyle(document.documentElement);
  for (const element of viewer.get('elementRegistry').getAll()) {
    const state = taken.has(element.id) ? 'done' : states.get(element.id);
    if (!state || element.labelTarget) continue;
    const { stroke, fill } = tokens[state];
    colour(viewer, element, { stroke: page.getPropertyValue(stroke), fill: page.getPropertyValue(fill) });
    canvas.addMarker(element, `hy-${state}`);
  }
}

/**
 * Puts a number at elements.
 *
 * @param {import('bpmn-js/lib/NavigatedViewer').default} viewer
 * @param {Record<string, number>} counts
 * @param {Map<string, string>} states
 */
export function showCounts(viewer, counts, states) {
  const overlays = viewer.get('overlays');
  const elementRegistry = viewer.get('elementRegistry');
  for (const [id, count] of Object.entries(counts)) {
    if (!elementRegistry.get(id)) continue; // The count may be of an element that another version of the diagram has.
    const badge = el('span', { class: `hy-diagram-count is-${states.get(id) ?? 'active'}` }, String(count));
    overlays.add(id, { position: { bottom: 12, left: -10 }, html: badge });
  }
}

function colour(viewer, element, { stroke, fill }) {
  element.di.set('bioc:stroke', stroke);
  if (!element.waypoints) element.di.set('bioc:fill', fill);
  const graphics = viewer.get('elementRegistry').getGraphics(element);
  const kind = element.waypoints ? 'connection' : 'shape';
  viewer.get('graphicsFactory').update(kind, element, graphics);
}
