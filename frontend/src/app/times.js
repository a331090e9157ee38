/** What people read in place of a moment: «3 分钟前», «昨天 14:03», «剩余 1 小时 20 分». */
import { texts } from '../texts.js';

/** The house's clock: all people and procedures are there, wherever the browser is. */
const zone = 'Asia/Shanghai';
const minute = 60_000;
const day = 24 * 60 * minute;

const parts = new Intl.DateTimeFormat('sv-SE', {
  timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
});

/**
 * Returns a moment as the house's wall clock shows it.
 *
 * @param {Date} moment
 * @returns {{date: string, time: string}} such as `2026-11-24` and `09:12`
 */
export function wallClock(moment) {
  const [date, time] = parts.format(moment).split(' ');
  return { date, time };
}

/**
 * Returns how long ago a moment was, the shorter the nearer.
 *
 * Within the hour minutes are counted; today has the time alone; neighbouring days have their name.
 *
 * @param {Date} moment
 * @param {Date} now
 */
export function relativeTime(moment, now) {
  const passed = now - moment;
  if (Math.abs(passed) < minute) return texts.justNow;
  if (passed > 0 && passed < 60 * minute) return texts.minutesAgo(Math.floor(passed / minute));
  if (passed < 0 && passed > -60 * minute) return texts.inMinutes(Math.floor(-passed / minute));
  const { date, time } = wallClock(moment);
  if (date === wallClock(now).date) return time;
  if (date === wallClock(new Date(now - day)).date) return `${texts.yesterday} ${time}`;
  if (date === wallClock(new Date(+now + day)).date) return `${texts.tomorrow} ${time}`;
  const isSameYear = date.slice(0, 4) === wallClock(now).date.slice(0, 4);
  return isSameYear ? `${date.slice(5)} ${time}` : date;
}

/**
 * Returns what is left until a deadline, or how long it has passed.
 *
 * @param {Date} deadline
 * @param {Date} now
 */
export function deadlineText(deadline, now) {
  const left = deadline - now;
  return left >= 0 ? texts.remaining(spanText(left)) : texts.late(spanText(-left));
}

/**
 * Returns `'is-late'`, `'is-soon'` or `''`.
 *
 * @param {Date} deadline
 * @param {Date} now
 * @param {number} soonMinutes a deadline at most so far away is soon
 */
export function deadlineState(deadline, now, soonMinutes) {
  const left = deadline - now;
  if (left < 0) return 'is-late';
  return left <= soonMinutes * minute ? 'is-soon' : '';
}

/** The length of time in its two largest units, rounded down. */
function spanText(milliseconds) {
  const minutes = Math.floor(milliseconds / minute);
  if (minutes < 1) return texts.underAMinute;
  if (minutes < 60) return texts.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return texts.hours(hours, minutes % 60);
  return texts.days(Math.floor(hours / 24), hours % 24);
}
