// The chart as its own chunk: pages without charts never load ECharts.
import { Skeleton } from 'antd';
import { type ComponentProps, lazy, Suspense } from 'react';
import type ChartType from './Chart';

const Chart = lazy(() => import('./Chart'));

export function LazyChart(props: ComponentProps<typeof ChartType>) {
  return (
    <Suspense fallback={<Skeleton.Node active style={{ width: '100%', height: props.height }} />}>
      <Chart {...props} />
    </Suspense>
  );
}
