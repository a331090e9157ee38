/** What the bundler is told. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { iconSprite } from '../bundle/icons.mjs';
import { applyPatch } from '../bundle/patches.mjs';

const folder = new URL('..', import.meta.url).pathname;

test('the sprite has every icon of the list once, in the colour of the text', async () => {
  const names = JSON.parse(await readFile(`${folder}/icons.json`, 'utf8'));
  const sprite = await iconSprite(folder);
  for (const name of names) assert.equal(sprite.split(`<symbol id="${name}" `).length, 2, name);
  assert.match(sprite, /stroke="currentColor"/);
  assert.doesNotMatch(sprite, /style=|<script/);
});

test('a patch whose text has gone stops the build', () => {
  const patch = { from: 'old()', to: 'new()' };
  assert.equal(applyPatch('a; old(); b;', patch, 'x.js'), 'a; new(); b;');
  assert.throws(() => applyPatch('a; b;', patch, 'x.js'), /found it 0 times/);
  assert.throws(() => applyPatch('old(); old();', patch, 'x.js'), /found it 2 times/);
});
