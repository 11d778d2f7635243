// Colours and axes shared by charts, legible on light and dark.
export const CHART = {
  accent: '#00897b',
  way: '#3a86c8',
  late: '#d32f2f',
  soon: '#d98a00',
  quiet: '#9aaaa6',
} as const;

// SVG takes the page's own colours, so one axis serves day and night.
const line = { lineStyle: { color: 'var(--line-2)' } };

export const categoryAxis = (names: string[]) => ({
  type: 'category' as const,
  data: names,
  axisTick: { show: false },
  axisLine: line,
  axisLabel: { hideOverlap: true, color: 'var(--ink-2)' },
});

export const valueAxis = (name: string) => ({
  type: 'value' as const,
  name,
  nameTextStyle: { align: 'left' as const, color: 'var(--ink-2)' },
  axisLabel: { color: 'var(--ink-2)' },
  splitLine: line,
  minInterval: 1,
});
