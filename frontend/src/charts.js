/** Entry of pages with charts. */
import { startChart } from './chart/island.js';
import { mountIslands } from './islands.js';

mountIslands('chart', startChart);
