/** A form of a page is sent once by a double press. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.document = new EventTarget();
globalThis.window = new EventTarget();
const { startSendingOnce } = await import('../src/app/double.js');
startSendingOnce();

/** Presses the button of a form and returns whether the form is sent. */
function press(form) {
  const event = new Event('submit', { cancelable: true });
  Object.defineProperty(event, 'target', { value: form });
  return document.dispatchEvent(event);
}

test('a second press within seconds sends nothing, a later one does', (context) => {
  context.mock.timers.enable({ apis: ['Date'] });
  const form = { method: 'post' };
  assert.equal(press(form), true);
  assert.equal(press(form), false);
  assert.equal(press({ method: 'post' }), true);
  context.mock.timers.tick(5_000);
  assert.equal(press(form), true);
});

test('a search may be sent as often as one likes', () => {
  const form = { method: 'get' };
  assert.deepEqual([press(form), press(form)], [true, true]);
});
