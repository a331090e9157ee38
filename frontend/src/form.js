/** The bundle of forms. */
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '../styles/form.css';

export { startForm as start } from './form/island.js';
