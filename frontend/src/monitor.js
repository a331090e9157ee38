/** The bundle of running and resting diagrams. */
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import '../styles/diagram.css';

export { startDiagram as start } from './diagram/island.js';
