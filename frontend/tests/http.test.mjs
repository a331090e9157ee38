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

for (const [other, told] of [['li', /另一账号/], ['', /^页面已过期$/]]) {
  test(`nothing is sent in the name of somebody else: '${other}'`, async () => {
    serve(other);
    const answer = await send('POST', '/tasks/1/complete', {});
    assert.deepEqual([answer.ok, sent.length], [false, 1]);
    assert.match(answer.reason, told);
  });
}

test('a second refusal is final', async () => {
  serve('wang');
  const fetchOnce = globalThis.fetch;
  globalThis.fetch = (url, options) => fetchOnce(url, { ...options, headers: { 'X-CSRFToken': 'old' } });
  const answer = await send('POST', '/tasks/1/complete', {});
  assert.deepEqual([answer.status, sent.length], [400, 2]);
});

test('whoever waits in vain is told after half a minute', async (t) => {
  let waited;
  t.mock.method(AbortSignal, 'timeout', (milliseconds) => ((waited = milliseconds), AbortSignal.abort()));
  globalThis.fetch = async (_url, { signal }) => signal.throwIfAborted();
  const answer = await send('POST', '/tasks/1/complete', {});
  assert.deepEqual([answer.ok, answer.status, waited], [false, 0, 30_000]);
  assert.match(answer.reason, /30 秒/);
});

test('a large file may take longer', async (t) => {
  let waited;
  t.mock.method(AbortSignal, 'timeout', (milliseconds) => ((waited = milliseconds), undefined));
  globalThis.fetch = async () => new Response('{}');
  const form = new FormData();
  form.append('file', new Blob(['x'.repeat(1_000_000)]));
  await send('POST', '/start/complaint/upload', form);
  assert.equal(waited, 80_000);
});

test('an answer that breaks off is no answer', async () => {
  globalThis.fetch = async () => ({ status: 200, headers: new Headers(), text: () => Promise.reject(new TypeError('terminated')) });
  const answer = await send('POST', '/tasks/1/complete', {});
  assert.deepEqual([answer.ok, answer.status], [false, 0]);
});
