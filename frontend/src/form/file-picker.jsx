/**
 * The file field: chosen files and documents that are already there, in one list.
 *
 * It takes the place of form-js's own, which forgets documents from an earlier step: its value can only be files that
 * were chosen in this very page.
 */
import { Description, Errors, Label } from '@bpmn-io/form-js-viewer';

import { texts } from '../texts.js';
import { isPending } from './attachments.js';

/**
 * Returns the form-js module that registers the field.
 *
 * @param {import('./attachments.js').PendingFiles} pendingFiles
 * @param {string} [documentUrl] where a document is read, with `{documentId}` in it
 */
export function filePickerModule(pendingFiles, documentUrl) {
  class FilePickerRegistration {
    static $inject = ['formFields'];

    constructor(formFields) {
      formFields.register('filepicker', filePicker(pendingFiles, documentUrl));
    }
  }
  return { __init__: ['filePickerRegistration'], filePickerRegistration: ['type', FilePickerRegistration] };
}

function filePicker(pendingFiles, documentUrl) {
  function FilePicker({ field, value, errors = [], domId, disabled, readonly, onChange }) {
    const { label, description, accept, multiple = false, validate = {} } = field;
    const documents = value ?? [];
    const isFixed = disabled || readonly;
    const put = (next) => onChange({ value: next.length > 0 ? next : null });

    const add = ({ currentTarget: input }) => {
      const added = [...input.files].map((file) => pendingFiles.add(file));
      input.value = ''; // The same file can be chosen again after it was removed.
      if (multiple) put([...documents, ...added]);
      else if (added.length > 0) put(added);
    };
    const remove = (removed) => {
      if (isPending(removed)) pendingFiles.remove(removed.pendingId);
      put(documents.filter((document) => document !== removed));
    };

    return (
      <div class={fieldClass(errors, disabled, readonly)}>
        <Label htmlFor={domId} label={label} required={validate.required} />
        {!isFixed && (
          <div class="hy-file-chooser">
            <input id={domId} type="file" class="visually-hidden" accept={accept} multiple={Boolean(multiple)}
              onChange={add} aria-describedby={`${domId}-error-message`} aria-invalid={errors.length > 0} />
            <label htmlFor={domId} class="btn">{texts.chooseFiles}</label>
            {documents.length === 0 && <span class="hy-muted">{texts.noFile}</span>}
          </div>
        )}
        {isFixed && documents.length === 0 && <span class="hy-muted">—</span>}
        <ul class="hy-files">
          {documents.map((document) => (
            <li key={document.documentId ?? document.pendingId}>
              <FileName document={document} documentUrl={documentUrl} />
              {!isFixed && (
                <button type="button" class="btn-close" aria-label={texts.removeFile(nameOf(document))}
                  onClick={() => remove(document)} />
              )}
            </li>
          ))}
        </ul>
        <Description description={description} />
        <Errors id={`${domId}-error-message`} errors={errors} />
      </div>
    );
  }
  FilePicker.config = {
    type: 'filepicker',
    keyed: true,
    label: 'File picker',
    group: 'basic-input',
    emptyValue: null,
    sanitizeValue: ({ value }) => (Array.isArray(value) && value.length > 0 ? value : null),
    create: (defaults = {}) => ({ ...defaults }),
  };
  return FilePicker;
}

function FileName({ document, documentUrl }) {
  const name = nameOf(document);
  if (isPending(document)) {
    return <span class="hy-file-name">{name} <small>{sizeText(document.metadata.size)} · {texts.uploadOnSubmit}</small></span>;
  }
  const href = documentUrl?.replace('{documentId}', encodeURIComponent(document.documentId));
  const size = <small>{sizeText(document.metadata?.size)}</small>;
  if (!href) return <span class="hy-file-name">{name} {size}</span>;
  return <a class="hy-file-name" href={href} target="_blank" rel="noopener">{name} {size}</a>;
}

function nameOf(document) {
  return document.metadata?.fileName ?? document.documentId ?? '';
}

/** A size in KB or MB; empty when it is not known. */
function sizeText(bytes) {
  if (typeof bytes !== 'number') return '';
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${Math.max(1, Math.round(kilobytes))} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

function fieldClass(errors, disabled, readonly) {
  const states = [errors.length > 0 && 'fjs-has-errors', disabled && 'fjs-disabled', readonly && 'fjs-readonly'];
  return ['fjs-form-field fjs-form-field-filepicker', ...states.filter(Boolean)].join(' ');
}
