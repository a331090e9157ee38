/** A decision table as people read it. Only what is shown changes; the file stays as it was deployed. */
import { texts } from '../texts.js';

const listOfTexts = /^\[\s*"[^"\\]*"(\s*,\s*"[^"\\]*")*\s*\]$/;

/**
 * Returns a cell in words: a list of texts without its signs, keys of groups by their names. Any other cell as it is.
 *
 * @param {string} cell FEEL
 * @param {Record<string, string>} names what keys stand for
 */
export function readableCell(cell, names) {
  if (!listOfTexts.test(cell.trim())) return cell;
  const values = [...cell.matchAll(/"([^"]*)"/g)].map(([, value]) => value);
  return texts.listed(values.map((value) => (Object.hasOwn(names, value) ? names[value] : value)));
}

/**
 * Returns what stands beside a row: its id and what it is there for, then the rules of the catalogue behind it.
 *
 * @param {{id: string, description?: string, annotationEntry?: {text?: string}[]}} rule
 */
export function rowNote({ id, description, annotationEntry = [] }) {
  const refs = annotationEntry.map(({ text }) => text).filter(Boolean);
  return [description || id, ...refs].join(' · ');
}

/**
 * Makes all tables of a file readable, before they are drawn.
 *
 * @param {{drgElement?: any[]}} definitions
 * @param {Record<string, string>} names
 */
export function makeReadable({ drgElement = [] }, names) {
  for (const rule of drgElement.flatMap(({ decisionLogic }) => decisionLogic?.rule ?? [])) {
    rule.description = rowNote(rule);
    for (const cell of rule.outputEntry ?? []) cell.text = readableCell(cell.text ?? '', names);
  }
}
