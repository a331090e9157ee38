/** Where the keyboard stands in a question. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

/** As much of an element as a dialog is made of. */
class Part extends EventTarget {
  attributes = {};
  children = [];
  setAttribute(name, value) { this.attributes[name] = value; }
  append(...children) { this.children.push(...children); }
  remove() {}
  showModal() { shown = this; }
}

let shown = null;
globalThis.document = Object.assign(new EventTarget(), {
  querySelector: () => null, documentElement: { lang: '' }, body: new Part(), createElement: () => new Part(),
});
globalThis.window = new EventTarget();

const { ask } = await import('../src/app/dialogs.js');

/** Returns the values of the buttons that have the keyboard when a question is asked. */
function focusedBy(question) {
  void ask(question);
  const buttons = shown.children[0].children[1].children;
  return buttons.filter(({ attributes }) => 'autofocus' in attributes).map(({ attributes }) => attributes.value);
}

test('Enter pressed twice does what is harmless, and never what cannot be undone', () => {
  assert.deepEqual(focusedBy({ message: '放回？' }), ['yes']);
  assert.deepEqual(focusedBy({ message: '终止？', isDanger: true }), ['no']);
});
