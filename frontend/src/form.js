/** Entry of pages with a form. */
import '@bpmn-io/form-js-viewer/dist/assets/form-js.css';
import '../styles/form.css';

import { startForm } from './form/island.js';
import { mountIslands } from './islands.js';

mountIslands('form', startForm);
