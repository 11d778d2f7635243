// Overview and KPI figures. The server counts; the console only shows.
import { get } from './client';
import type { KpiOrder, KpiView, Meta, Overview, SeriesPoint } from './contract';

export interface KpiQuery {
  from_ms: number;
  to_ms: number;
  station_id?: string;
  area_id?: string;
  kind?: string;
  staff_id?: string;
}
export type Counted = 'numerator' | 'denominator' | 'missed';
export type GroupBy = 'day' | 'week' | 'month' | 'kind' | 'station' | 'area' | 'staff';

export const readOverview = async (): Promise<Overview> =>
  (await get<{ overview: Overview }>('/v1/overview')).overview;

export const listKpis = async (query: KpiQuery): Promise<KpiView[]> =>
  (await get<{ kpis: KpiView[] }>('/v1/kpis', { ...query })).kpis;

export const listKpiOrders = (kpi: string, query: KpiQuery, counted: Counted, cursor: string | null) =>
  get<{ work_orders: KpiOrder[]; meta: Meta }>(`/v1/kpis/${kpi}/orders`, {
    ...query,
    counted,
    limit: 50,
    cursor,
  });

export const readSeries = async (kpi: string, groupBy: GroupBy, query: KpiQuery): Promise<SeriesPoint[]> =>
  (await get<{ series: SeriesPoint[] }>('/v1/kpis/series', { kpi, group_by: groupBy, ...query })).series;
