// Numbers: tiles with numerator and denominator that lead to the orders behind them, one series at a
// time as chart or table, for any period and part of the county. The whole view is in the URL.
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useMemo } from 'react';
import { listStaff } from '@/api/archives';
import { serverNowMs } from '@/api/client';
import type { KpiView } from '@/api/contract';
import { keys } from '@/api/keys';
import { type Counted, type KpiQuery, listKpis } from '@/api/numbers';
import { useMay } from '@/app/session';
import { Page } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { Pick, PickArea, PickStation, PickWord, SearchForm } from '@/components/SearchForm';
import { useFilters } from '@/hooks/useFilters';
import { useText } from '@/i18n';
import { OrderKind } from '@/i18n/words.gen';
import { downloadCsv } from '@/util/csv';
import { kpiNumber, kpiUnitName } from '@/util/kpi';
import { type Period, type PeriodKind, periodAt, periodLabel } from '@/util/period';
import { KpiOrders } from './KpiOrders';
import { KpiTile } from './KpiTile';
import { PeriodPicker } from './PeriodPicker';
import { SeriesPanel } from './SeriesPanel';

const SHAPE = {
  period: 'text',
  from_ms: 'time',
  to_ms: 'time',
  station_id: 'text',
  area_id: 'text',
  kind: 'text',
  staff_id: 'text',
  kpi: 'text',
  counted: 'text',
  group_by: 'text',
} as const;

const PERIODS: readonly PeriodKind[] = ['day', 'week', 'month', 'quarter', 'custom'];

export default function KpisPage() {
  const { t, named, isChinese } = useText();
  const may = useMay();
  const { filters, change } = useFilters(SHAPE);
  const kind = PERIODS.find((each) => each === filters.period) ?? 'month';
  const period: Period = useMemo(() => {
    if (filters.from_ms !== undefined && filters.to_ms !== undefined) {
      return { kind, fromMs: filters.from_ms, toMs: filters.to_ms };
    }
    return periodAt(kind === 'custom' ? 'month' : kind, serverNowMs());
  }, [kind, filters.from_ms, filters.to_ms]);
  const query: KpiQuery = {
    from_ms: period.fromMs,
    to_ms: period.toMs,
    station_id: filters.station_id,
    area_id: filters.area_id,
    kind: filters.kind,
    staff_id: filters.staff_id,
  };
  const kpis = useQuery({ queryKey: [...keys.kpis, query], queryFn: () => listKpis(query) });
  const people = useQuery({
    queryKey: [...keys.staff, { role: 'electrician' }],
    queryFn: () => listStaff({ role: 'electrician' }),
    enabled: may('read_staff'),
    staleTime: 300_000,
  });
  const chosen = kpis.data?.find((each) => each.kpi === filters.kpi) ?? kpis.data?.[0];
  const counted = asCounted(filters.counted);
  const show = (view: KpiView, part: Counted) => change({ kpi: view.kpi, counted: part });
  const exportAll = (views: readonly KpiView[]) =>
    downloadCsv(
      `${t('kpis.export_name')}-${periodLabel(period)}.csv`,
      [t('kpis.title'), t('kpis.value'), '', t('kpis.numerator'), t('kpis.denominator'), t('kpis.formula')],
      views.map((view) => [
        named(view),
        view.value === null ? null : kpiNumber(view.unit, view.value),
        kpiUnitName(view.unit, isChinese),
        view.numerator,
        view.denominator,
        isChinese ? view.formula_zh : view.formula_en,
      ]),
    );
  return (
    <Page
      title={t('kpis.title')}
      note={periodLabel(period)}
      tools={
        <Button disabled={kpis.data === undefined} onClick={() => exportAll(kpis.data ?? [])}>
          {t('common.export_csv')}
        </Button>
      }
    >
      <SearchForm>
        <PeriodPicker
          period={period}
          onChange={(next) => change({ period: next.kind, from_ms: next.fromMs, to_ms: next.toMs })}
        />
        <PickWord
          table={OrderKind}
          value={filters.kind}
          placeholder={t('common.filter_kind')}
          onChange={(value) => change({ kind: value })}
        />
        <PickStation
          value={filters.station_id}
          onChange={(station_id) => change({ station_id, area_id: undefined })}
        />
        <PickArea
          value={filters.area_id}
          stationId={filters.station_id}
          onChange={(area_id) => change({ area_id })}
        />
        <Pick
          value={filters.staff_id}
          placeholder={t('common.filter_assignee')}
          options={(people.data ?? []).map((person) => ({ value: person.id, label: person.display_name }))}
          onChange={(staff_id) => change({ staff_id })}
        />
      </SearchForm>
      {kpis.error !== null && <Problem problem={kpis.error} onRetry={() => void kpis.refetch()} />}
      {kpis.isPending && <Skeleton active paragraph={{ rows: 8 }} />}
      <div className="kpi-grid">
        <div className="kpi-tiles">
          {(kpis.data ?? []).map((view) => (
            <KpiTile
              key={view.kpi}
              view={view}
              isChosen={view.kpi === chosen?.kpi}
              onChoose={() => change({ kpi: view.kpi })}
              onShow={(part) => show(view, part)}
            />
          ))}
        </div>
        {chosen !== undefined && (
          <SeriesPanel
            kpi={chosen}
            period={period}
            query={query}
            groupBy={filters.group_by}
            onGroup={(group_by) => change({ group_by })}
          />
        )}
      </div>
      {chosen !== undefined && counted !== null && (
        <KpiOrders
          kpi={chosen}
          counted={counted}
          period={period}
          query={query}
          onClose={() => change({ counted: undefined })}
        />
      )}
    </Page>
  );
}

function asCounted(value: string | undefined): Counted | null {
  return value === 'numerator' || value === 'denominator' || value === 'missed' ? value : null;
}
