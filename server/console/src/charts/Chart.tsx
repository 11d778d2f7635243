// ECharts in a box: loaded only when a chart is shown, only the parts used, resized with its place.
// Every chart names its measure; the page offers the same numbers as a table.
import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { usePreferences } from '@/app/preferences';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

interface Props {
  option: EChartsCoreOption;
  height: number;
  label: string;
  onPick?: (index: number) => void;
}

export default function Chart({ option, height, label, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const pick = useRef(onPick);
  pick.current = onPick;
  const { isDark } = usePreferences();
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const ink = isDark ? '#a3b3af' : '#4d5c59';
    const chart = init(element, null, { renderer: 'svg' });
    chart.setOption({
      animationDuration: 250,
      textStyle: { fontFamily: 'inherit', color: ink },
      grid: { left: 8, right: 12, top: 32, bottom: 4, containLabel: true },
      ...option,
    });
    chart.on('click', (event) => {
      if (typeof event.dataIndex === 'number') pick.current?.(event.dataIndex);
    });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option, isDark]);
  return <div ref={box} role="img" aria-label={label} style={{ height }} />;
}
