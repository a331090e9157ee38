/** A decision table as people read it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { makeReadable, readableCell, rowNote } from '../src/decision/readable.js';

const names = { quality: '质量部', finance: '财务部' };

const cells = [
  ['["quality","finance"]', '质量部、财务部'],
  ['[ "quality" ]', '质量部'],
  ['["总经理", "quality"]', '总经理、质量部'],
  ['["toString"]', 'toString'],
  ['"quality"', '"quality"'],
  ['[responsible_dept]', '[responsible_dept]'],
  ['["a", b]', '["a", b]'],
  ['[]', '[]'],
  ['>= 100', '>= 100'],
  ['', ''],
];

for (const [cell, expected] of cells) {
  test(`a cell is read in words: ${cell}`, () => {
    assert.equal(readableCell(cell, names), expected);
  });
}

test('a row tells its id and the rules behind it', () => {
  const annotationEntry = [{ text: 'FB-4.5-10' }, {}];
  assert.equal(rowNote({ id: 'FB_D4_01', description: 'FB-D4-01', annotationEntry }), 'FB-D4-01 · FB-4.5-10');
  assert.equal(rowNote({ id: 'FB_D4_01' }), 'FB_D4_01');
});

test('all tables of a file are made readable, and what has no rows is passed over', () => {
  const rule = { id: 'r', outputEntry: [{ text: '["quality"]' }, {}] };
  makeReadable({ drgElement: [{}, { decisionLogic: { text: '1' } }, { decisionLogic: { rule: [rule] } }] }, names);
  assert.equal(rule.description, 'r');
  assert.deepEqual(rule.outputEntry.map(({ text }) => text), ['质量部', '']);
});
