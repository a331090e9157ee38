/** The decision island: a DMN decision to read, with the rules that fired. */
import DmnViewer from 'dmn-js/lib/NavigatedViewer';

import { el } from '../dom.js';
import { fetchText } from '../http.js';
import { texts } from '../texts.js';
import { translate } from './chinese.js';

/**
 * Draws the decision.
 *
 * @param {HTMLElement} element
 * @param {{xmlUrl: string, decisionId?: string, matched?: string[]}} input
 * @throws {Error} when the file has no decision of that id
 */
export async function startDecision(element, { xmlUrl, decisionId = null, matched = [] }) {
  const container = el('div', { class: 'hy-decision-view' });
  element.append(container);
  const xml = await fetchText(xmlUrl, texts.decisionTable);
  const viewer = new DmnViewer({ container, common: { additionalModules: [{ translate: ['value', translate] }] } });
  viewer.on('views.changed', () => markRules(container, matched));
  await viewer.importXML(xml, { open: false });
  await viewer.open(viewToOpen(viewer.getViews(), decisionId));
  markRules(container, matched);
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

function markRules(container, matched) {
  for (const rule of matched) {
    for (const cell of container.querySelectorAll(`[data-row-id="${CSS.escape(rule)}"]`)) {
      cell.classList.add('hy-rule-matched');
      cell.closest('tr')?.classList.add('hy-rule-matched');
    }
  }
}
