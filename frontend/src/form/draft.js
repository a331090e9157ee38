/** Keeps what is typed on the server while it is typed. */
import { wallClock } from '../app/times.js';
import { isFinal, send } from '../http.js';
import { texts } from '../texts.js';

const pauseMilliseconds = 1_500;
const retryMilliseconds = 15_000;
/** Browsers refuse a request that outlives its page above 64 KiB. */
const keepaliveBytes = 60_000;

export class Draft {
  #url;
  #read;
  #commit;
  #onState;
  #onUnsaved;
  #timer = null;
  #saving = Promise.resolve();
  /** The values that the server has or is being given; null when it has not taken the last ones. */
  #keptText = null;
  #isWatching = false;

  /** Number of the last draft that the server confirmed, null before the first. */
  version;

  /**
   * @param {object} parts
   * @param {string | null} parts.url null: nothing is kept, changes only count as unsaved
   * @param {number | null} parts.version of the draft that the form was filled with
   * @param {() => object} parts.read returns the values to keep
   * @param {() => void} [parts.commit] makes `read` see what was typed just now
   * @param {(state: string, isWarning?: boolean) => void} parts.onState is given the text to show: what was done, or why it
   *     is in vain
   * @param {(isUnsaved: boolean) => void} parts.onUnsaved
   */
  constructor({ url, version, read, commit = () => {}, onState, onUnsaved }) {
    this.#url = url;
    this.version = version;
    this.#read = read;
    this.#commit = commit;
    this.#onState = onState;
    this.#onUnsaved = onUnsaved;
  }

  /** Takes the values as they are now for saved, and watches for the page to be left. A second call does nothing. */
  start() {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#keptText = this.#text();
    document.addEventListener('visibilitychange', this.#onHidden);
    window.addEventListener('pagehide', this.flush);
  }

  /** Saves when nothing has changed for a moment. */
  schedule() {
    if (!this.#isWatching) return;
    if (this.#url === null) this.#onUnsaved(this.#text() !== this.#keptText);
    else if (this.#isDue()) this.#wait(pauseMilliseconds);
  }

  /** Saves what is not saved, in a way that survives the page. */
  flush = () => {
    this.#commit();
    if (!this.#isDue()) return;
    this.#clear();
    const text = this.#text();
    // At once and not after a save under way: the page may have no later.
    const put = this.#put(text, { keepalive: new Blob([text]).size < keepaliveBytes });
    this.#saving = Promise.all([this.#saving, put]);
  };

  /** Waits for a save under way and stops a planned one: the submission carries the values itself. */
  async settle() {
    this.#clear();
    await this.#saving;
  }

  /** Ends the watch, because the form was sent: a later draft would only be refused. */
  end() {
    this.#letGo();
    this.#onUnsaved(false);
  }

  /** Flushes and lets go of the page. */
  stop() {
    this.flush();
    this.#letGo();
  }

  #letGo() {
    this.#clear();
    this.#url = null;
    document.removeEventListener('visibilitychange', this.#onHidden);
    window.removeEventListener('pagehide', this.flush);
  }

  #onHidden = () => {
    if (document.visibilityState === 'hidden') this.flush();
  };

  #isDue() {
    return this.#isWatching && this.#url !== null && this.#text() !== this.#keptText;
  }

  /** The values are read now, not when their turn comes: the form may be gone by then. */
  #save() {
    if (!this.#isDue()) return;
    const text = this.#text();
    this.#saving = this.#saving.then(() => this.#put(text));
  }

  async #put(text, options = {}) {
    this.#keptText = text;
    this.#onState(texts.draftSaving);
    const answer = await send('PUT', this.#url, { variables: JSON.parse(text) }, options);
    if (!answer.ok) {
      this.#onState(whyNotKept(answer), true);
      this.#onUnsaved(true);
      this.#keptText = null;
      if (this.#url !== null && !isFinal(answer)) this.#wait(retryMilliseconds);
      return;
    }
    this.version = answer.body?.draft_version ?? this.version;
    const remark = answer.body?.remark ?? null;
    this.#onState(remark ?? texts.draftSaved(wallClock(new Date()).time), remark !== null);
    this.#onUnsaved(false);
  }

  #text() {
    return JSON.stringify(this.#read());
  }

  #wait(milliseconds) {
    this.#clear();
    this.#timer = setTimeout(() => this.#save(), milliseconds);
  }

  #clear() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}

function whyNotKept(answer) {
  if (answer.status === 401) return texts.draftNeedsSignIn;
  return isFinal(answer) ? answer.reason : texts.draftFailed;
}

/** Shows the state at `[data-draft-status]`, the nearest one to the form if there are several. */
export function showDraftState(element, text, isWarning = false) {
  const scope = element.closest('.hy-detail') ?? document;
  const place = scope.querySelector('[data-draft-status]');
  if (!place) return;
  place.textContent = text;
  place.classList.toggle('is-warning', isWarning);
}
