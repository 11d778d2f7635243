// The duty room at a glance: figures that lead to their lists, the stages, the trend, what burns.
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useMemo } from 'react';
import { serverNowMs } from '@/api/client';
import type { OrderSummary, Overview } from '@/api/contract';
import { keys } from '@/api/keys';
import { readOverview } from '@/api/numbers';
import { countOrders, listOrders } from '@/api/orders';
import { useMay } from '@/app/session';
import { LazyChart } from '@/charts/LazyChart';
import { CHART, categoryAxis, valueAxis } from '@/charts/look';
import { OrderLines } from '@/components/OrderLines';
import { Page, Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { Stat } from '@/components/Stat';
import { useText } from '@/i18n';
import { OrderKind, OrderState } from '@/i18n/words.gen';
import { KIND_HUE, STATE_HUE } from '@/ui/theme';
import { count, dayKey } from '@/util/format';
import { paths } from '@/util/paths';
import { periodAt } from '@/util/period';
import { Bars } from './Bars';
import { FirstSteps } from './FirstSteps';

const STAGES: readonly OrderState[] = [
  'draft',
  'dispatched',
  'reassigned',
  'accepted',
  'arrived',
  'working',
  'suspended',
  'rejected',
  'submitted',
];

/** Hazards shown by name. */
const LISTED = 8;

/** A hazard somebody dealt with only waits for its review: no reason for an alarm. */
const isDangerous = (order: OrderSummary): boolean => order.state !== 'submitted';
const dangerousFirst = (orders: readonly OrderSummary[]): OrderSummary[] => [
  ...orders.filter(isDangerous),
  ...orders.filter((order) => !isDangerous(order)),
];

/** All open hazards, those that are still dangerous first; the few of the overview until they are read. */
function useHazards(few: readonly OrderSummary[]): OrderSummary[] {
  const all = useQuery({
    queryKey: keys.orderList({ overview: 'hazard' }),
    queryFn: ({ signal }) => listOrders({ is_open: true, urgency: 'hazard' }, null, signal, 200),
  });
  return dangerousFirst(all.data?.work_orders ?? few);
}

export default function OverviewPage() {
  const { t } = useText();
  const query = useQuery({ queryKey: keys.overview, queryFn: readOverview, refetchInterval: 60_000 });
  const data = query.data;
  return (
    <Page title={t('overview.title')}>
      {query.error !== null && <Problem problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton active paragraph={{ rows: 10 }} />}
      {data !== undefined && <Body data={data} />}
    </Page>
  );
}

function Figures({ data, hazards }: { data: Overview; hazards: readonly OrderSummary[] }) {
  const { t } = useText();
  const may = useMay();
  const counts = useQuery({ queryKey: keys.orderCounts, queryFn: countOrders }).data;
  const orders = (query: string) => `${paths.orders}?${query}`;
  return (
    <section className="panel stats">
      <Stat
        name={t('overview.unassigned')}
        figure={count(counts?.unassigned ?? 0)}
        tone={(counts?.unassigned ?? 0) > 0 ? 'soon' : 'calm'}
        to={may('dispatch_orders') ? paths.dispatch : orders('tab=draft')}
      />
      <Stat
        name={t('overview.overdue')}
        figure={count(counts?.overdue ?? 0)}
        tone={(counts?.overdue ?? 0) > 0 ? 'late' : 'calm'}
        to={orders('tab=overdue')}
      />
      <Stat name={t('overview.soon')} figure={count(counts?.soon ?? 0)} to={orders('tab=soon')} />
      <Stat
        name={t('overview.hazard')}
        figure={count(counts?.hazard ?? 0)}
        tone={hazards.some(isDangerous) ? 'late' : 'calm'}
        to={orders('tab=open&urgency=hazard')}
      />
      <Stat
        name={t('overview.review_waiting')}
        figure={count(data.review_waiting)}
        to={may('review_orders') ? paths.review : orders('tab=submitted')}
      />
      <Stat
        name={t('overview.exceptions')}
        figure={count(data.exceptions)}
        to={may('read_exceptions') ? paths.exceptions : undefined}
      />
      <Stat
        name={t('overview.staff')}
        figure={`${data.staff_on_duty} / ${data.staff_online}`}
        to={may('read_staff') ? paths.staff : undefined}
      />
      <Stat
        name={t('overview.taken_in')}
        figure={count(data.today.taken_in)}
        to={orders(`tab=all&from_ms=${periodAt('day', serverNowMs()).fromMs}`)}
      />
      <Stat name={t('overview.submitted')} figure={count(data.today.submitted)} />
      <Stat name={t('overview.archived')} figure={count(data.today.archived)} />
    </section>
  );
}

function Body({ data }: { data: Overview }) {
  const hazards = useHazards(data.hazard);
  const { t, word } = useText();
  const trend = useMemo(() => {
    const series = (name: string, values: number[], color: string) => ({
      name,
      type: 'line' as const,
      data: values,
      color,
      smooth: false,
      symbolSize: 5,
    });
    return {
      tooltip: { trigger: 'axis' },
      legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: 'var(--ink-2)' } },
      xAxis: categoryAxis(data.trend.map((day) => dayKey(day.day).slice(5))),
      yAxis: valueAxis(''),
      series: [
        series(
          t('overview.series_taken_in'),
          data.trend.map((day) => day.taken_in),
          CHART.way,
        ),
        series(
          t('overview.series_archived'),
          data.trend.map((day) => day.archived),
          CHART.accent,
        ),
        series(
          t('overview.series_overdue'),
          data.trend.map((day) => day.overdue),
          CHART.late,
        ),
      ],
    };
  }, [data.trend, t]);
  const title = t('overview.trend', { days: data.trend.length });
  return (
    <>
      <FirstSteps />
      <Figures data={data} hazards={hazards} />
      <div className="overview-grid">
        <Panel title={t('overview.by_state')}>
          <Bars
            rows={STAGES.map((state) => ({
              key: state,
              name: word(OrderState, state),
              value: data.by_state[state] ?? 0,
              color: `var(--${STATE_HUE[state] === 'back' ? 'late-bar' : STATE_HUE[state]})`,
              to: `${paths.orders}?tab=${state}`,
            }))}
          />
        </Panel>
        <Panel title={t('overview.by_kind')}>
          <Bars
            rows={(Object.keys(OrderKind) as OrderKind[]).map((kind) => ({
              key: kind,
              name: word(OrderKind, kind),
              value: data.by_kind[kind] ?? 0,
              color: KIND_HUE[kind],
              to: `${paths.orders}?tab=open&kind=${kind}`,
            }))}
          />
        </Panel>
        <Panel title={title}>
          <LazyChart option={trend} height={232} label={title} />
        </Panel>
      </div>
      <div className="overview-lists">
        <Panel title={t('overview.overdue_list')} isFlush>
          {data.overdue.length === 0 ? (
            <p className="muted panel-body">{t('overview.no_overdue')}</p>
          ) : (
            <OrderLines orders={data.overdue} />
          )}
        </Panel>
        <Panel title={t('overview.hazard_list')} isFlush>
          {hazards.length === 0 ? (
            <p className="muted panel-body">{t('overview.no_hazard')}</p>
          ) : (
            <OrderLines orders={hazards.slice(0, LISTED)} />
          )}
        </Panel>
      </div>
    </>
  );
}
