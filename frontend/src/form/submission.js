/** Sends a form once, and shows whatever the server says to it. */
import { copy } from '../app/actions.js';
import { markUnsaved } from '../app/unsaved.js';
import { el, notice } from '../dom.js';
import { isFinal, send } from '../http.js';
import { texts } from '../texts.js';
import { isPending } from './attachments.js';
import { focusFirstProblem, showProblems } from './problem-display.js';
import { describeValues } from './values.js';

export class Submission {
  #isSending = false;
  #parts;
  /** One for all attempts: the server takes this paper once, though no answer to the first attempt came. */
  #paperId = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.element the island
   * @param {import('@bpmn-io/form-js-viewer').Form} parts.form
   * @param {HTMLElement} parts.top place for banners
   * @param {import('./draft.js').Draft} parts.draft
   * @param {import('./attachments.js').PendingFiles} parts.pendingFiles
   * @param {string} parts.submitUrl
   * @param {string} [parts.uploadUrl]
   */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * Sends the form unless it has errors or is being sent already.
   *
   * @param {object} errors what form-js found
   */
  async send(errors) {
    if (this.#isSending) return;
    const { form, top } = this.#parts;
    top.replaceChildren();
    if (Object.keys(errors).length > 0) {
      await focusFirstProblem(form, top);
      return;
    }
    this.#lock(true);
    let isAccepted = false;
    try {
      await this.#parts.draft.settle();
      isAccepted = (await this.#upload()) && (await this.#post());
    } finally {
      // Once accepted it stays locked: the page is about to go.
      if (!isAccepted) this.#lock(false);
    }
  }

  /** Uploads chosen files one after the other. Returns false when one was refused; that is shown at its field. */
  async #upload() {
    const { form, pendingFiles } = this.#parts;
    const registry = form.get('formFieldInstanceRegistry');
    for (const fieldInstance of registry.getAllKeyed()) {
      const documents = valueAt(form._getState().data, fieldInstance.valuePath);
      if (!Array.isArray(documents) || !documents.some(isPending)) continue;
      const uploaded = [...documents];
      for (const [index, document] of documents.entries()) {
        if (!isPending(document)) continue;
        const reference = await this.#uploadOne(fieldInstance, pendingFiles.get(document.pendingId));
        if (!reference) return false;
        uploaded[index] = reference;
        pendingFiles.remove(document.pendingId);
        // Kept at once: if a later step fails, the file is not sent a second time.
        form._update({ fieldInstance, value: [...uploaded] });
      }
    }
    return true;
  }

  async #uploadOne(fieldInstance, file) {
    const { form, top, uploadUrl } = this.#parts;
    top.replaceChildren(el('div', { class: 'hy-form-progress', role: 'status' }, texts.uploading(file.name)));
    const body = new FormData();
    body.append('file', file);
    const answer = await send('POST', uploadUrl, body);
    top.replaceChildren();
    if (answer.ok && answer.body) return answer.body;
    const { id, indexes } = fieldInstance;
    const path = Object.values(indexes ?? {}).map((index) => `[${index}]`).join('');
    const message = texts.uploadFailed(file.name, withId(answer));
    await showProblems(form, top, [{ field_id: id, path, message }]);
    return null;
  }

  /** Sends the values and returns whether the server took them. */
  async #post() {
    const { form, top, draft, submitUrl } = this.#parts;
    const body = { variables: form._getSubmitData(), draft_version: draft.version, paper_id: this.#paperId };
    const answer = await send('POST', submitUrl, body);
    if (answer.ok) this.#goOn(answer);
    else if (answer.status === 422 && Array.isArray(answer.body?.problems)) await showProblems(form, top, answer.body.problems);
    else if (isFinal(answer)) this.#showConflict(answer);
    else if (answer.status === 401) this.#showSignIn(answer);
    else if (answer.status === 0) this.#showBanner({ ...answer, title: texts.notAnswered }, el('div', {}, texts.retryOnce));
    else this.#showBanner(answer, el('div', {}, texts.retryLater));
    return answer.ok;
  }

  #goOn({ body }) {
    const { element, draft } = this.#parts;
    draft.end();
    markUnsaved(element, false);
    const next = body?.next ?? null;
    const event = new CustomEvent('huiyin:submitted', { bubbles: true, cancelable: true, detail: { next } });
    if (!element.dispatchEvent(event)) return;
    if (next) window.location.assign(next);
    else window.location.reload();
  }

  #showConflict(answer) {
    const { form } = this.#parts;
    const copyInput = () => copy(describeValues(form._getState().schema, form._getSubmitData()));
    this.#showBanner(answer, el('div', {}, texts.conflictKept),
      el('div', { class: 'hy-notice-actions' },
        el('button', { type: 'button', class: 'btn', onclick: copyInput }, texts.copyInput)));
  }

  /** Signing in happens in another tab, so that what was typed stays here. */
  #showSignIn(answer) {
    this.#showBanner({ ...answer, reason: texts.sessionOver, id: null }, el('div', {}, texts.signInAndSubmit),
      el('div', { class: 'hy-notice-actions' },
        el('a', { class: 'btn', href: '/sign-in', target: '_blank', rel: 'noopener' }, texts.signInElsewhere)));
  }

  #showBanner(answer, ...content) {
    const { top } = this.#parts;
    const id = answer.id ? el('small', {}, texts.errorId(answer.id)) : null;
    top.replaceChildren(notice('danger', answer.title ?? texts.notSubmitted, el('div', {}, answer.reason), ...content, id));
    top.firstElementChild.focus({ preventScroll: true });
    top.scrollIntoView({ block: 'center' });
  }

  /** While it is being sent, no submit button of the page can be pressed again. */
  #lock(isSending) {
    this.#isSending = isSending;
    this.#parts.element.setAttribute('aria-busy', String(isSending));
    for (const button of document.querySelectorAll('[data-form-submit]')) {
      button.disabled = isSending;
      button.classList.toggle('is-sending', isSending);
    }
  }
}

function withId({ reason, id }) {
  return id ? `${reason}（${texts.errorId(id)}）` : reason;
}

function valueAt(data, path) {
  return path.reduce((value, step) => value?.[step], data);
}
