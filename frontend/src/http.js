/** Requests to our own server, and its refusals as values that can be shown. */
import { texts } from './texts.js';

/**
 * @typedef {object} Answer
 * @property {boolean} ok
 * @property {number} status 0 when no answer came: nobody knows whether it was done
 * @property {any} body the JSON of the answer, null if it has none
 * @property {string} reason what to tell the person when it is not ok
 * @property {string | null} id by which the failure is found in the log
 */

/** The token that proves to the server that a request came from its own page. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? '';
}

/**
 * Takes over the token that came with a refusal because of an old one, if it is for the person whose page this is.
 *
 * @param {any} body of the refusal
 * @returns {boolean} whether it is worth sending again
 */
function renewToken(body) {
  const token = document.querySelector('meta[name="csrf-token"]');
  const person = document.querySelector('meta[name="signed-in-as"]')?.content;
  if (!token || !person || !body?.csrf_token || body.signed_in_as !== person) return false;
  token.content = body.csrf_token;
  return true;
}

/** Whether another person has signed in since this page was drawn; to load it again would lose what was typed. */
function isForSomebodyElse(body) {
  const person = document.querySelector('meta[name="signed-in-as"]')?.content;
  return Boolean(person && body?.signed_in_as && body.signed_in_as !== person);
}

/** So long somebody waits for an answer before he is told that none came. */
export const answerMilliseconds = 30_000;
/** A file may take longer, on a line as slow as this. */
const slowestBytesPerMillisecond = 20;

/**
 * Sends JSON or a form and returns the answer, whatever it is. Never throws for a refusal or a broken line.
 * A page whose reader has signed in again, in another tab, sends it once more with the new token.
 *
 * @param {string} method
 * @param {string} url
 * @param {object | FormData} body
 * @param {{keepalive?: boolean}} [options] keepalive: the request outlives the page
 * @returns {Promise<Answer>}
 */
export async function send(method, url, body, options = {}) {
  const answer = await sendOnce(method, url, body, options);
  if (answer.status !== 400) return answer;
  if (renewToken(answer.body)) return sendOnce(method, url, body, options);
  return isForSomebodyElse(answer.body) ? { ...answer, reason: texts.signedInAsOther } : answer;
}

async function sendOnce(method, url, body, { keepalive = false }) {
  const headers = { Accept: 'application/json', 'X-CSRFToken': csrfToken() };
  const isForm = body instanceof FormData;
  if (!isForm) headers['Content-Type'] = 'application/json';
  const payload = isForm ? body : JSON.stringify(body);
  const milliseconds = answerMilliseconds + (isForm ? bytesOf(body) / slowestBytesPerMillisecond : 0);
  const signal = AbortSignal.timeout(milliseconds);
  try {
    const response = await fetch(url, { method, headers, body: payload, keepalive, signal, credentials: 'same-origin' });
    return describe(response.status, response.headers.get('X-Request-ID'), await jsonOf(response));
  } catch {
    const reason = signal.aborted ? texts.noAnswer(Math.round(milliseconds / 1000)) : texts.networkError;
    return { ok: false, status: 0, body: null, reason, id: null };
  }
}

function bytesOf(form) {
  return [...form.values()].reduce((sum, value) => sum + (value.size ?? 0), 0);
}

/**
 * Returns the answer for a status and a problem detail.
 *
 * @param {number} status
 * @param {string | null} requestId
 * @param {any} body
 * @returns {Answer}
 */
export function describe(status, requestId, body) {
  const ok = status >= 200 && status < 300;
  const reason = body?.detail ?? body?.title ?? texts.serverError(status);
  return { ok, status, body, reason, id: body?.id ?? requestId ?? body?.instance ?? null };
}

/** Whether a refusal stays one, however often the same is sent: it is somebody else's, over, or gone. */
export function isFinal({ status }) {
  return [403, 404, 409].includes(status);
}

/**
 * Returns the text at a URL.
 *
 * @param {string} url
 * @param {string} what it is, for the message
 * @throws {Error} with a message for people
 */
export async function fetchText(url, what) {
  const response = await fetch(url, { credentials: 'same-origin' }).catch((cause) => {
    throw new Error(texts.networkError, { cause });
  });
  if (!response.ok) throw new Error(texts.loadFailed(what, response.status));
  return response.text();
}

/** @throws when the line breaks before all of the answer is here */
async function jsonOf(response) {
  const text = await response.text();
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null; // A proxy's HTML page: the status alone is what we know.
  }
}
