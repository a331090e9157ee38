/** What ECharts is told for a chart of ours. */

/**
 * @typedef {object} ChartInput
 * @property {'bar' | 'line' | 'pie'} kind
 * @property {string} label what the chart shows, for those who cannot see it
 * @property {string} [unit]
 * @property {string[]} categories
 * @property {{name: string, values: (number | null)[]}[]} series
 * @property {boolean} [stacked]
 */

const palette = ['#1d4ed8', '#0f9d76', '#d97706', '#c81e1e', '#7c3aed', '#0891b2', '#be185d', '#64748b'];

/**
 * Returns the option.
 *
 * @param {ChartInput} input
 * @param {string} fontFamily
 * @throws {Error} when the kind is none of ours
 */
export function chartOption(input, fontFamily) {
  const { label, unit = '' } = input;
  return {
    color: palette,
    textStyle: { fontFamily },
    aria: { enabled: true, label: { description: label } },
    legend: { top: 0, type: 'scroll' },
    // Tooltips drawn on the canvas: those made of HTML carry style attributes, which the policy refuses.
    tooltip: {
      renderMode: 'richText',
      trigger: input.kind === 'pie' ? 'item' : 'axis',
      valueFormatter: (value) => (value === null || value === undefined ? '—' : `${value} ${unit}`.trim()),
    },
    ...bodyOf(input),
  };
}

function bodyOf({ kind, unit = '', categories, series, stacked = false }) {
  if (kind === 'pie') {
    const slices = categories.map((name, index) => ({ name, value: series[0].values[index] }));
    return { series: [{ type: 'pie', radius: ['42%', '68%'], top: 24, name: series[0].name, data: slices }] };
  }
  if (kind !== 'bar' && kind !== 'line') throw new Error(`Expected a chart of kind bar, line or pie, but got '${kind}'.`);
  return {
    grid: { top: 44, left: 8, right: 12, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: categories },
    yAxis: { type: 'value', name: unit, minInterval: 1 },
    series: series.map(({ name, values }) => ({
      type: kind, name, data: values, stack: stacked ? 'all' : undefined, barMaxWidth: 36, symbolSize: 7,
    })),
  };
}
