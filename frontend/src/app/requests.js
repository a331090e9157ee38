/** htmx, set up for a strict policy and for pages that must never be stale. */
import htmx from 'htmx.org';
import { answerMilliseconds, csrfToken } from '../http.js';

export function startRequests() {
  Object.assign(htmx.config, {
    allowEval: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    timeout: answerMilliseconds,
    // Nothing personal is kept in the browser's storage: going back asks the server.
    historyCacheSize: 0,
    refreshOnHistoryMiss: true,
    responseHandling: [
      { code: '204', swap: false },
      { code: '[23]..', swap: true },
      { code: '422', swap: true },
      { code: '[45]..', swap: false, error: true },
    ],
  });
  document.addEventListener('htmx:configRequest', (event) => {
    event.detail.headers['X-CSRFToken'] = csrfToken();
  });
}
