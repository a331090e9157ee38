/** Files that were chosen but not uploaded: they live in this page only. */

/**
 * A form's value of a file field is a list of document references (docs/dialect.md §7). A file that still has to be
 * uploaded stands in it as `{pendingId, metadata}`; the file itself is here.
 */
export class PendingFiles {
  /** @type {Map<string, File>} */
  #fileById = new Map();
  #last = 0;

  /**
   * Keeps a file and returns what stands for it in the form's value.
   *
   * @param {File} file
   */
  add(file) {
    this.#last += 1;
    const pendingId = `pending-${this.#last}`;
    this.#fileById.set(pendingId, file);
    return { pendingId, metadata: { fileName: file.name, contentType: file.type, size: file.size } };
  }

  /** @param {string} pendingId */
  get(pendingId) {
    return this.#fileById.get(pendingId);
  }

  /** @param {string} pendingId */
  remove(pendingId) {
    this.#fileById.delete(pendingId);
  }

  isAnyChosen() {
    return this.#fileById.size > 0;
  }

  /**
   * Returns the values without what only this page knows.
   *
   * @template T
   * @param {T} values
   * @returns {T}
   */
  strip(values) {
    if (Array.isArray(values)) {
      const kept = values.filter((value) => !isPending(value)).map((value) => this.strip(value));
      return kept.length === 0 && values.length > 0 ? null : kept;
    }
    if (values === null || typeof values !== 'object') return values;
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, this.strip(value)]));
  }
}

/** Whether a value stands for a file that still has to be uploaded. */
export function isPending(value) {
  return typeof value?.pendingId === 'string';
}
