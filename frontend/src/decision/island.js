/** The decision island: a DMN decision to read, with the rules that fired. */
import DmnViewer from 'dmn-js/lib/NavigatedViewer';

import { el } from '../dom.js';
import { fetchText } from '../http.js';
import { texts } from '../texts.js';
import { makeReadable } from './readable.js';
import { translate } from './wordings.js';

const options = { additionalModules: [{ translate: ['value', translate] }] };
/** Each kind of view has its own options; modules given to all of them at once would be overruled. */
const allViews = { drd: options, decisionTable: options, literalExpression: options, boxedExpression: options };

/**
 * Draws the decision.
 *
 * @param {HTMLElement} element
 * @param {{xmlUrl: string, decisionId?: string, matched?: string[], names?: Record<string, string>}} input
 * @throws {Error} when the file has no decision of that id
 */
export async function startDecision(element, { xmlUrl, decisionId = null, matched = [], names = {} }) {
  const container = el('div', { class: 'hy-decision-view' });
  element.append(container);
  const xml = await fetchText(xmlUrl, texts.decisionTable);
  const viewer = new DmnViewer({ container, ...allViews });
  viewer.on('views.changed', () => {
    markRules(container, matched);
    fitRequirements(viewer);
  });
  await viewer.importXML(xml, { open: false });
  makeReadable(viewer.getDefinitions(), names);
  await viewer.open(viewToOpen(viewer.getViews(), decisionId));
  return () => viewer.destroy();
}

/** The view of the wanted decision; without a wish a table rather than the requirements diagram. */
function viewToOpen(views, decisionId) {
  const wanted = decisionId === null
    ? (views.find(({ type }) => type === 'decisionTable') ?? views[0])
    : views.find(({ element }) => element.id === decisionId);
  if (!wanted) throw new Error(texts.loadFailed(texts.decisionTable, decisionId ?? '—'));
  return wanted;
}

/** Shows all of the requirements diagram, if that is the view. */
function fitRequirements(viewer) {
  if (viewer.getActiveView()?.type === 'drd') viewer.getActiveViewer().get('canvas').zoom('fit-viewport', 'auto');
}

function markRules(container, matched) {
  for (const rule of matched) {
    for (const cell of container.querySelectorAll(`[data-row-id="${CSS.escape(rule)}"]`)) {
      cell.classList.add('hy-rule-matched');
      cell.closest('tr')?.classList.add('hy-rule-matched');
    }
  }
}
