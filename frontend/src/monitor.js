/** Entry of pages with a running or resting diagram. */
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../styles/diagram.css';

import { startDiagram } from './diagram/island.js';
import { mountIslands } from './islands.js';

mountIslands('diagram', startDiagram);
