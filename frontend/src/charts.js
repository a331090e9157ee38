/** The bundle of charts. */
export { startChart as start } from './chart/island.js';
