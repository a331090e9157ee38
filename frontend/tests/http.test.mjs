/** What becomes of a page whose reader signed in again elsewhere. */
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

const metas = {};
globalThis.document = {
  documentElement: { lang: '' },
  querySelector: (selector) => metas[/name="(.+)"/.exec(selector)?.[1]] ?? null,
};
const { send } = await import('../src/http.js');

let sent;
/** Answers as the server whose token is `fresh` and where somebody is signed in. */
function serve(signedInAs) {
  sent = [];
  globalThis.fetch = async (_url, { headers, body }) => {
    sent.push([headers['X-CSRFToken'], body]);
    if (headers['X-CSRFToken'] === 'fresh') return new Response('{"next": "/tasks"}');
    return new Response(JSON.stringify({ csrf_token: 'fresh', signed_in_as: signedInAs, detail: '页面已过期' }), { status: 400 });
  };
}

beforeEach(() => Object.assign(metas, { 'csrf-token': { content: 'old' }, 'signed-in-as': { content: 'wang' } }));

test('what was typed is sent again with the new token', async () => {
  serve('wang');
  const answer = await send('POST', '/tasks/1/complete', { variables: { a: 1 } });
  assert.equal(answer.ok, true);
  assert.deepEqual(sent.map(([token]) => token), ['old', 'fresh']);
  assert.equal(sent[1][1], sent[0][1]);
  assert.equal(metas['csrf-token'].content, 'fresh');
});

for (const other of ['li', '']) {
  test(`nothing is sent in the name of somebody else: '${other}'`, async () => {
    serve(other);
    const answer = await send('POST', '/tasks/1/complete', {});
    assert.deepEqual([answer.ok, answer.reason, sent.length], [false, '页面已过期', 1]);
  });
}

test('a second refusal is final', async () => {
  serve('wang');
  const fetchOnce = globalThis.fetch;
  globalThis.fetch = (url, options) => fetchOnce(url, { ...options, headers: { 'X-CSRFToken': 'old' } });
  const answer = await send('POST', '/tasks/1/complete', {});
  assert.deepEqual([answer.status, sent.length], [400, 2]);
});
