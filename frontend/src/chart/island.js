/** The chart island: bars, lines or a pie of a few series. */
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

import { el } from '../dom.js';
import { chartOption } from './option.js';

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/**
 * Draws the chart.
 *
 * @param {HTMLElement} element
 * @param {import('./option.js').ChartInput} input
 */
export async function startChart(element, input) {
  const place = el('div', { class: 'hy-chart-canvas', role: 'img', 'aria-label': input.label });
  element.append(place);
  const chart = init(place);
  chart.setOption(chartOption(input, getComputedStyle(document.body).fontFamily));
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(place);
  return () => {
    observer.disconnect();
    chart.dispose();
  };
}
