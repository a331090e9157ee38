/** Keeps `<time data-relative>` and `<time data-deadline>` right while the page is open. */
import { deadlineState, deadlineText, relativeTime, wallClock } from './times.js';

const soonMinutesDefault = 240;
const refreshMilliseconds = 30_000;

/** How far the server's clock is ahead of the browser's. */
let skewMilliseconds = 0;

export function startClocks() {
  const serverNow = document.querySelector('meta[name="server-now"]')?.content;
  if (serverNow) skewMilliseconds = new Date(serverNow) - Date.now();
  refreshClocks(document);
  setInterval(() => refreshClocks(document), refreshMilliseconds);
  document.addEventListener('htmx:load', (event) => refreshClocks(event.target));
}

/** @param {Document | Element} root */
function refreshClocks(root) {
  const now = new Date(Date.now() + skewMilliseconds);
  for (const element of root.querySelectorAll('time[data-relative]')) {
    show(element, (moment) => relativeTime(moment, now));
  }
  for (const element of root.querySelectorAll('time[data-deadline]')) {
    show(element, (moment) => deadlineText(moment, now));
    markDeadline(element, now);
  }
}

function show(element, describe) {
  const moment = new Date(element.dateTime);
  if (Number.isNaN(+moment)) return; // The server's own text stays.
  const { date, time } = wallClock(moment);
  element.title = `${date} ${time}`;
  const label = element.querySelector('[data-time-text]') ?? element;
  label.textContent = describe(moment);
}

function markDeadline(element, now) {
  const soonMinutes = Number(element.dataset.soonMinutes ?? soonMinutesDefault);
  const state = deadlineState(new Date(element.dateTime), now, soonMinutes);
  for (const marked of [element, element.closest('[data-deadline-box]')]) {
    if (!marked) continue;
    marked.classList.remove('is-late', 'is-soon');
    if (state) marked.classList.add(state);
  }
}
