/** The keyboard: one table of keys, used both to act and to explain. */
import { el } from '../dom.js';
import { texts } from '../texts.js';
import { showOnce } from './dialogs.js';

const keys = [
  { shown: ['J', '↓'], text: texts.keyNext, matches: (e) => e.key === 'j' || isListArrow(e, 'ArrowDown'), act: () => move(+1) },
  { shown: ['K', '↑'], text: texts.keyPrevious, matches: (e) => e.key === 'k' || isListArrow(e, 'ArrowUp'), act: () => move(-1) },
  { shown: ['⏎'], text: texts.keyOpen, matches: (e) => e.key === 'Enter' && isIdle(), act: open },
  { shown: ['C'], text: texts.keyClaim, matches: (e) => e.key === 'c', act: claim },
  { shown: ['/'], text: texts.keySearch, matches: (e) => e.key === '/', act: focusSearch },
  { shown: ['Ctrl ⏎'], text: texts.keySubmit, matches: () => false, act: () => false },
  { shown: ['?'], text: texts.keyHelp, matches: (e) => e.key === '?', act: showHelp },
  { shown: ['Esc'], text: texts.keyClose, matches: () => false, act: () => false },
];

export function startKeys() {
  document.addEventListener('keydown', onKeyDown);
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[data-key-help]')) showHelp();
    const row = event.target.closest?.('[data-key-list] > li');
    if (!row) return;
    select(row);
    if (event.target.closest('a')) markRead(row);
  });
}

/** The server notes by itself that the task was opened; the list that is already here follows. */
function markRead(row) {
  row.classList.remove('is-unread');
  row.querySelector('[data-unread]')?.remove();
}

function onKeyDown(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    if (submit()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target)) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const key = keys.find(({ matches }) => matches(event));
  if (key?.act() !== false && key) event.preventDefault();
}

/** Moves the choice by one row. Returns false when there is no list. */
function move(step) {
  const rows = [...document.querySelectorAll('[data-key-list] > li')];
  if (rows.length === 0) return false;
  const at = rows.findIndex((row) => row.classList.contains('is-selected'));
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + step, 0), rows.length - 1)];
  select(next);
  next.querySelector('a')?.focus();
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

function select(row) {
  for (const other of row.parentElement.children) {
    const isChosen = other === row;
    other.classList.toggle('is-selected', isChosen);
    const link = other.querySelector('a');
    if (isChosen) link?.setAttribute('aria-current', 'true');
    else link?.removeAttribute('aria-current');
  }
}

function open() {
  return press(document.querySelector('[data-key-list] > li.is-selected a'));
}

function claim() {
  const inRow = document.querySelector('[data-key-list] > li.is-selected [data-key-claim]');
  return press(inRow ?? document.querySelector('[data-key-claim]'));
}

function focusSearch() {
  const field = document.querySelector('[data-key-search]');
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

function submit() {
  const buttons = [...document.querySelectorAll('[data-form-submit]')];
  return press(buttons.find((button) => button.offsetParent !== null));
}

/** Clicks an element that is there and not disabled, and returns whether it did. */
function press(element) {
  if (!element || element.disabled) return false;
  element.click();
  return true;
}

function showHelp() {
  const rows = keys.map(({ shown, text }) =>
    el('div', {}, el('dt', {}, ...shown.map((key) => el('kbd', {}, key))), el('dd', {}, text)));
  void showOnce(el('dialog', { class: 'hy-dialog', 'aria-labelledby': 'keys-title' },
    el('form', { method: 'dialog' },
      el('h2', { id: 'keys-title' }, texts.keysTitle),
      el('dl', { class: 'hy-keys' }, ...rows),
      el('div', { class: 'hy-dialog-actions' }, el('button', { class: 'btn', autofocus: true }, texts.close)))));
}

function isListArrow(event, key) {
  return event.key === key && Boolean(event.target.closest?.('[data-key-list]'));
}

/** Whether nothing that knows Enter itself has the focus. */
function isIdle() {
  return document.activeElement === document.body || document.activeElement.matches('.hy-detail-pane');
}

function isTyping(element) {
  return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);
}
