/** Keeps what is typed on the server while it is typed. */
import { wallClock } from '../app/times.js';
import { send } from '../http.js';
import { texts } from '../texts.js';

const pauseMilliseconds = 1_500;
const retryMilliseconds = 15_000;
/** Browsers refuse a request that outlives its page above 64 KiB. */
const keepaliveBytes = 60_000;

export class Draft {
  #url;
  #read;
  #onState;
  #onUnsaved;
  #timer = null;
  #saving = Promise.resolve();
  #savedText = null;
  #isEnded = false;

  /** Number of the last draft that the server confirmed, null before the first. */
  version;

  /**
   * @param {object} parts
   * @param {string | null} parts.url null: nothing is kept, changes only count as unsaved
   * @param {number | null} parts.version of the draft that the form was filled with
   * @param {() => object} parts.read returns the values to keep
   * @param {(state: string) => void} parts.onState is given the text to show
   * @param {(isUnsaved: boolean) => void} parts.onUnsaved
   */
  constructor({ url, version, read, onState, onUnsaved }) {
    this.#url = url;
    this.version = version;
    this.#read = read;
    this.#onState = onState;
    this.#onUnsaved = onUnsaved;
  }

  /** Takes the values as they are now for saved, and watches for the page to be left. A second call does nothing. */
  start() {
    if (this.#savedText !== null || this.#isEnded) return;
    this.#savedText = this.#text();
    document.addEventListener('visibilitychange', this.#onHidden);
    window.addEventListener('pagehide', this.flush);
  }

  /** Saves when nothing has changed for a moment. */
  schedule() {
    if (this.#savedText === null) return;
    const isChanged = this.#text() !== this.#savedText;
    this.#onUnsaved(isChanged && this.#url === null);
    if (this.#isDue()) this.#wait(pauseMilliseconds);
  }

  /** Saves what is not saved, in a way that survives the page. */
  flush = () => {
    if (!this.#isDue()) return;
    this.#clear();
    const isSmall = new Blob([this.#text()]).size < keepaliveBytes;
    void this.#save({ keepalive: isSmall });
  };

  /** Waits for a save under way and stops a planned one: the submission carries the values itself. */
  async settle() {
    this.#clear();
    await this.#saving;
  }

  /** Ends the watch, because the form was sent: a later draft would only be refused. */
  end() {
    this.#clear();
    this.#onUnsaved(false);
    this.#savedText = null;
    this.#url = null;
    this.#isEnded = true;
  }

  /** Flushes and lets go of the page. */
  stop() {
    this.flush();
    document.removeEventListener('visibilitychange', this.#onHidden);
    window.removeEventListener('pagehide', this.flush);
  }

  #onHidden = () => {
    if (document.visibilityState === 'hidden') this.flush();
  };

  #isDue() {
    return this.#url !== null && this.#savedText !== null && this.#text() !== this.#savedText;
  }

  #save(options = {}) {
    this.#saving = this.#saving.then(() => this.#put(options));
    return this.#saving;
  }

  async #put(options) {
    if (!this.#isDue()) return;
    const text = this.#text();
    this.#onState(texts.draftSaving);
    const answer = await send('PUT', this.#url, { variables: JSON.parse(text) }, options);
    if (!answer.ok) {
      this.#onState(texts.draftFailed);
      this.#onUnsaved(true);
      this.#wait(retryMilliseconds);
      return;
    }
    this.version = answer.body?.draft_version ?? this.version;
    this.#savedText = text;
    this.#onState(texts.draftSaved(wallClock(new Date()).time));
    this.#onUnsaved(false);
  }

  #text() {
    return JSON.stringify(this.#read());
  }

  #wait(milliseconds) {
    this.#clear();
    this.#timer = setTimeout(() => void this.#save(), milliseconds);
  }

  #clear() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** Shows the state at `[data-draft-status]`, the nearest one to the form if there are several. */
export function showDraftState(element, text) {
  const scope = element.closest('.hy-detail') ?? document;
  const place = scope.querySelector('[data-draft-status]');
  if (place) place.textContent = text;
}
