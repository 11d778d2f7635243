// One number over time or by part: chart, or the same figures as a table; export of what is seen.
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Select, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { serverNowMs } from '@/api/client';
import type { KpiView, SeriesPoint } from '@/api/contract';
import { keys } from '@/api/keys';
import { type GroupBy, type KpiQuery, readSeries } from '@/api/numbers';
import { LazyChart } from '@/charts/LazyChart';
import { CHART, categoryAxis, valueAxis } from '@/charts/look';
import { Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { downloadCsv } from '@/util/csv';
import { count } from '@/util/format';
import { kpiFigure, kpiNumber, kpiUnitName } from '@/util/kpi';
import { groupOf, type Period, periodLabel } from '@/util/period';

const GROUPS: readonly GroupBy[] = ['day', 'week', 'month', 'kind', 'station', 'area', 'staff'];

interface Props {
  kpi: KpiView;
  period: Period;
  query: KpiQuery;
  groupBy: string | undefined;
  onGroup: (group: GroupBy) => void;
}

export function SeriesPanel({ kpi, period, query, groupBy, onGroup }: Props) {
  const { t, named, isChinese } = useText();
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const group = GROUPS.find((each) => each === groupBy) ?? groupOf(period);
  const series = useQuery({
    queryKey: [...keys.kpis, 'series', kpi.kpi, group, query],
    queryFn: () => readSeries(kpi.kpi, group, query),
  });
  const points = series.data ?? [];
  const now = serverNowMs();
  const isRunning = group === 'day' && period.fromMs <= now && now < period.toMs;
  const title = t('kpis.series_title', { kpi: named(kpi), period: periodLabel(period) });
  const total = points.reduce((sum, point) => sum + point.denominator, 0);
  const exportPoints = () =>
    downloadCsv(
      `${kpi.kpi}-${group}.csv`,
      [
        t('kpis.key'),
        `${named(kpi)} ${kpiUnitName(kpi.unit, isChinese)}`,
        t('kpis.numerator'),
        t('kpis.denominator'),
      ],
      points.map((point) => [
        point.label,
        point.value === null ? null : kpiNumber(kpi.unit, point.value),
        point.numerator,
        point.denominator,
      ]),
    );
  return (
    <Panel
      title={title}
      tools={
        <>
          <Select
            size="small"
            value={group}
            aria-label={t('kpis.group_by')}
            options={GROUPS.map((value) => ({ value, label: t(`kpis.group_${value}`) }))}
            onChange={onGroup}
            style={{ width: 110 }}
          />
          <Segmented
            size="small"
            value={view}
            onChange={setView}
            options={[
              { value: 'chart' as const, label: t('common.chart') },
              { value: 'table' as const, label: t('common.table') },
            ]}
          />
          <Button size="small" disabled={points.length === 0} onClick={exportPoints}>
            {t('common.export_csv')}
          </Button>
        </>
      }
    >
      {series.error !== null && <Problem problem={series.error} onRetry={() => void series.refetch()} />}
      {series.isPending && <Skeleton active paragraph={{ rows: 6 }} />}
      {series.isSuccess && view === 'chart' && (
        <SeriesChart
          kpi={kpi}
          points={points}
          isTime={group === 'day' || group === 'week' || group === 'month'}
          label={title}
        />
      )}
      {series.isSuccess && view === 'table' && <SeriesTable kpi={kpi} points={points} />}
      <p className="faint">
        {t('kpis.source_note', { period: periodLabel(period), denominator: count(total) })}
        {isRunning && ` · ${t('kpis.still_open')}`}
      </p>
    </Panel>
  );
}

function SeriesChart(props: {
  kpi: KpiView;
  points: readonly SeriesPoint[];
  isTime: boolean;
  label: string;
}) {
  const { kpi, points, isTime, label } = props;
  const { isChinese } = useText();
  const option = useMemo(() => {
    const values = points.map((point) => (point.value === null ? null : kpiNumber(kpi.unit, point.value)));
    const names = points.map((point) => point.label);
    const unit = kpiUnitName(kpi.unit, isChinese);
    return {
      tooltip: {
        trigger: 'axis',
        formatter: (items: { dataIndex: number }[]) => {
          const point = points[items[0]?.dataIndex ?? -1];
          if (point === undefined) return '';
          const figure = point.value === null ? '–' : kpiFigure(kpi.unit, point.value, isChinese);
          return `${escapeHtml(point.label)}<br/><b>${figure}</b> (${count(point.numerator)} / ${count(point.denominator)})`;
        },
      },
      xAxis: categoryAxis(names),
      yAxis: kpi.unit === 'basis_points' ? { ...valueAxis(unit), max: 100, min: 0 } : valueAxis(unit),
      series: [
        {
          type: isTime ? 'line' : 'bar',
          data: values,
          color: CHART.accent,
          barMaxWidth: 36,
          symbolSize: 6,
          connectNulls: false,
          areaStyle: isTime ? { opacity: 0.08 } : undefined,
        },
      ],
    };
  }, [points, kpi, isTime, isChinese]);
  return <LazyChart option={option} height={280} label={label} />;
}

/** Labels come from archives; ECharts writes tooltips as HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function SeriesTable({ kpi, points }: { kpi: KpiView; points: readonly SeriesPoint[] }) {
  const { t, named, isChinese } = useText();
  return (
    <div style={{ maxHeight: 320, overflow: 'auto' }}>
      <table className="plain-table">
        <thead>
          <tr>
            <th>{t('kpis.key')}</th>
            <th className="num">{named(kpi)}</th>
            <th className="num">{t('kpis.numerator')}</th>
            <th className="num">{t('kpis.denominator')}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.key}>
              <td>{point.label}</td>
              <td className="num">
                {point.value === null ? '–' : kpiFigure(kpi.unit, point.value, isChinese)}
              </td>
              <td className="num">{count(point.numerator)}</td>
              <td className="num">{count(point.denominator)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
