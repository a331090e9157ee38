/** What people read in place of a moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { deadlineState, deadlineText, relativeTime } from '../src/app/times.js';

const now = new Date('2026-11-24T10:00:00+08:00');
const at = (text) => new Date(text);

const relativeCases = [
  ['now', '2026-11-24T10:00:00+08:00', '刚刚'],
  ['just under a minute ago', '2026-11-24T09:59:01+08:00', '刚刚'],
  ['a minute ago', '2026-11-24T09:59:00+08:00', '1 分钟前'],
  ['just under an hour ago', '2026-11-24T09:00:01+08:00', '59 分钟前'],
  ['an hour ago', '2026-11-24T09:00:00+08:00', '09:00'],
  ['five minutes ahead', '2026-11-24T10:05:00+08:00', '5 分钟后'],
  ['later today', '2026-11-24T18:00:00+08:00', '18:00'],
  ['yesterday before midnight', '2026-11-23T23:59:00+08:00', '昨天 23:59'],
  ['today after midnight, given in UTC', '2026-11-23T16:01:00Z', '00:01'],
  ['tomorrow', '2026-11-25T09:00:00+08:00', '明天 09:00'],
  ['two days ago', '2026-11-22T14:03:00+08:00', '11-22 14:03'],
  ['last year', '2025-12-31T23:00:00+08:00', '2025-12-31'],
];

for (const [name, moment, expected] of relativeCases) {
  test(`a moment is told as people say it: ${name}`, () => {
    assert.equal(relativeTime(at(moment), now), expected);
  });
}

const deadlineCases = [
  ['a minute short of it', '2026-11-24T10:00:59+08:00', '剩余 不足 1 分钟', 'is-soon'],
  ['exactly at it', '2026-11-24T10:00:00+08:00', '剩余 不足 1 分钟', 'is-soon'],
  ['an hour and twenty minutes', '2026-11-24T11:20:00+08:00', '剩余 1 小时 20 分', 'is-soon'],
  ['exactly four hours', '2026-11-24T14:00:00+08:00', '剩余 4 小时', 'is-soon'],
  ['a second over four hours', '2026-11-24T14:00:01+08:00', '剩余 4 小时', ''],
  ['a day and three hours', '2026-11-25T13:00:00+08:00', '剩余 1 天 3 小时', ''],
  ['a second late', '2026-11-24T09:59:59+08:00', '已超时 不足 1 分钟', 'is-late'],
  ['two days late', '2026-11-22T10:00:00+08:00', '已超时 2 天', 'is-late'],
];

for (const [name, deadline, text, state] of deadlineCases) {
  test(`a deadline says what is left: ${name}`, () => {
    assert.equal(deadlineText(at(deadline), now), text);
    assert.equal(deadlineState(at(deadline), now, 240), state);
  });
}
