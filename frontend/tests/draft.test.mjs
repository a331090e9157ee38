/** What a draft owes to the submission that follows it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.document = new EventTarget();
Object.assign(globalThis.document, { querySelector: () => null, documentElement: { lang: '' } });
globalThis.window = new EventTarget();

const { Draft } = await import('../src/form/draft.js');

test('a submission waits for the draft that was saved because the page was hidden', async () => {
  // Else it would build on the version before, and be refused as if somebody else had typed.
  const answers = [];
  globalThis.fetch = () => new Promise((resolve) => answers.push(resolve));
  let typed = '';
  const draft = new Draft({ url: '/draft', version: 1, read: () => ({ typed }), onState: () => {}, onUnsaved: () => {} });
  draft.start();
  typed = '开胶';
  draft.flush();
  const settled = draft.settle();
  setTimeout(() => answers[0](new Response('{"draft_version": 2}')), 5);
  await settled;
  assert.equal(draft.version, 2);
  draft.end();
});

test('who is signed out while he types is told so, not that it will be tried again', async () => {
  globalThis.fetch = () => Promise.resolve(new Response('{}', { status: 401 }));
  const states = [];
  let typed = '';
  const draft = new Draft({ url: '/draft', version: 1, read: () => ({ typed }), onState: (text) => states.push(text), onUnsaved: () => {} });
  draft.start();
  typed = '开胶';
  draft.flush();
  await draft.settle();
  assert.match(states.at(-1), /登录已失效/);
  draft.end();
});
