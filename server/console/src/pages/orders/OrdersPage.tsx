// All orders: status tabs with counts, filters in the URL, keyset paging, export of what is seen.
import { CloseOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented, Tag } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { serverNowMs } from '@/api/client';
import type { OrderQuery, OrderSummary } from '@/api/contract';
import { keys } from '@/api/keys';
import { changedRecently } from '@/api/live';
import { countOrders, listOrders } from '@/api/orders';
import { useMay } from '@/app/session';
import { ColumnChooser, useColumns } from '@/components/ColumnChooser';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { Page } from '@/components/Page';
import { PickArea, PickStation, PickWord, SearchForm, SearchText } from '@/components/SearchForm';
import { StatusTabs } from '@/components/StatusTabs';
import { useFilters } from '@/hooks/useFilters';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { OrderKind, OrderState, Urgency } from '@/i18n/words.gen';
import { downloadCsv } from '@/util/csv';
import { countFilters } from '@/util/filters';
import { count, dateTime } from '@/util/format';
import { paths } from '@/util/paths';
import { BulkBar } from './BulkBar';
import { cellText, type OrderColumn, useOrderColumns } from './columns';
import { SavedViews } from './SavedViews';

const SHAPE = {
  tab: 'text',
  q: 'private',
  kind: 'text',
  urgency: 'text',
  station_id: 'text',
  area_id: 'text',
  assignee_id: 'text',
  sort: 'text',
  from_ms: 'time',
  to_ms: 'time',
} as const;

const STATE_TABS: readonly OrderState[] = [
  'draft',
  'dispatched',
  'reassigned',
  'accepted',
  'arrived',
  'working',
  'submitted',
  'rejected',
  'suspended',
  'archived',
  'cancelled',
];
const COLUMNS = [
  'number',
  'kind',
  'state',
  'deadline',
  'content',
  'customer',
  'place',
  'assignee',
  'taken_in',
  'submitted_at',
  'source',
  'evidence',
  'cost',
] as const satisfies readonly OrderColumn[];
/** What fits a 1366 pixel screen without scrolling sideways. */
const USUAL_COLUMNS: readonly (typeof COLUMNS)[number][] = COLUMNS.slice(0, 9);

type TabKey = 'open' | 'soon' | 'overdue' | 'all' | OrderState;

/** What a tab asks the server for. */
export function tabQuery(tab: TabKey): OrderQuery {
  if (tab === 'open') return { is_open: true };
  if (tab === 'soon') return { is_open: true, soon: true };
  if (tab === 'overdue') return { is_open: true, overdue: true };
  if (tab === 'all') return {};
  return { state: tab };
}

function isTab(value: string | undefined): value is TabKey {
  return (
    value !== undefined && (['open', 'soon', 'overdue', 'all', ...STATE_TABS] as string[]).includes(value)
  );
}

export default function OrdersPage() {
  const { t, word } = useText();
  const may = useMay();
  const navigate = useNavigate();
  const { filters, change, clear } = useFilters(SHAPE);
  const tab: TabKey = isTab(filters.tab) ? filters.tab : 'open';
  const isFinal = tab === 'all' || tab === 'archived' || tab === 'cancelled';
  const sort = filters.sort === 'taken_in' || (filters.sort === undefined && isFinal) ? 'taken_in' : 'due';
  const { tab: _tab, sort: _sort, ...narrow } = filters;
  const query: OrderQuery = { ...narrow, ...tabQuery(tab), sort };

  const counts = useQuery({ queryKey: keys.orderCounts, queryFn: countOrders }).data;
  const paged = usePaged({
    queryKey: keys.orderList(query),
    fetchPage: (cursor, signal) => listOrders(query, cursor, signal),
    rowsOf: (page) => page.work_orders,
  });
  const { chosen, choose } = useColumns('orders', COLUMNS, USUAL_COLUMNS);
  const columns = useOrderColumns(chosen);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const markedOrders = paged.rows.filter((order) => marked.has(order.id));
  const open = Object.entries(counts?.by_state ?? {})
    .filter(([state]) => state !== 'archived' && state !== 'cancelled')
    .reduce((sum, [, figure]) => sum + (figure ?? 0), 0);
  const tabs = [
    { key: 'open' as const, label: t('orders.tab_open'), count: counts === undefined ? null : open },
    { key: 'soon' as const, label: t('orders.tab_soon'), count: counts?.soon ?? null },
    { key: 'overdue' as const, label: t('orders.tab_overdue'), count: counts?.overdue ?? null, isLate: true },
    ...STATE_TABS.map((state) => ({
      key: state,
      label: word(OrderState, state),
      count: counts === undefined ? null : (counts.by_state[state] ?? 0),
    })),
    { key: 'all' as const, label: t('orders.tab_all') },
  ];
  const isFiltered =
    countFilters(filters, [
      'q',
      'kind',
      'urgency',
      'station_id',
      'area_id',
      'assignee_id',
      'from_ms',
      'to_ms',
    ]) > 0;

  return (
    <Page
      isFixed
      title={t('orders.title')}
      tools={
        <>
          <SavedViews />
          <Segmented
            value={sort}
            options={[
              { value: 'due', label: t('orders.sort_due') },
              { value: 'taken_in', label: t('orders.sort_taken_in') },
            ]}
            onChange={(value) => change({ sort: value })}
          />
          {may('write_intake') && (
            <Button type="primary" onClick={() => void navigate(paths.intake)}>
              {t('orders.new_order')}
            </Button>
          )}
        </>
      }
    >
      <StatusTabs
        tabs={tabs}
        active={tab}
        label={t('orders.state')}
        onChange={(key) => change({ tab: key })}
      />
      <SearchForm onClear={isFiltered ? clear : undefined}>
        <SearchText value={filters.q} placeholder={t('orders.search')} onChange={(q) => change({ q })} />
        <PickWord
          table={OrderKind}
          value={filters.kind}
          placeholder={t('common.filter_kind')}
          onChange={(kind) => change({ kind })}
        />
        <PickWord
          table={Urgency}
          value={filters.urgency}
          placeholder={t('common.filter_urgency')}
          onChange={(urgency) => change({ urgency })}
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
        <TakenInTag
          fromMs={filters.from_ms}
          toMs={filters.to_ms}
          onClose={() => change({ from_ms: undefined, to_ms: undefined })}
        />
      </SearchForm>
      <BulkBar orders={markedOrders} onClear={() => setMarked(new Set())} />
      <ListTable<OrderSummary>
        label={t('orders.title')}
        paged={paged}
        columns={columns}
        marks={
          may('dispatch_orders')
            ? {
                ids: marked,
                onChange: setMarked,
                nameOf: (order) => t('bulk.choose', { number: order.order_number }),
              }
            : undefined
        }
        isGlowing={(order) => changedRecently(order.id, serverNowMs())}
        onOpen={(order) => void navigate(paths.order(order.id))}
        empty={
          <Empty
            title={t(isFiltered || tab !== 'open' ? 'orders.empty' : 'orders.empty_open')}
            note={t('orders.empty_note')}
            action={isFiltered ? <Button onClick={clear}>{t('common.clear')}</Button> : undefined}
          />
        }
        footTools={
          <>
            <ColumnChooser
              options={COLUMNS.map((value) => ({ value, label: t(`orders.${value}`) }))}
              chosen={chosen}
              onChoose={choose}
            />
            <Button
              size="small"
              title={t('common.export_rows', { rows: count(paged.rows.length) })}
              onClick={() => exportRows(paged.rows)}
            >
              {t('common.export_csv')}
            </Button>
          </>
        }
      />
    </Page>
  );

  /** What is seen: the rows loaded, in the columns chosen. */
  function exportRows(rows: OrderSummary[]) {
    downloadCsv(
      `${t('orders.export_name')}.csv`,
      chosen.map((name) => t(`orders.${name}`)),
      rows.map((order) => chosen.map((name) => cellText(order, name, word))),
    );
  }
}

/** The filter a figure of the overview leads with: shown, so that it can be taken away. */
function TakenInTag(props: { fromMs?: number; toMs?: number; onClose: () => void }) {
  const { t } = useText();
  const { fromMs, toMs, onClose } = props;
  if (fromMs === undefined && toMs === undefined) return null;
  const from = fromMs === undefined ? '' : dateTime(fromMs);
  const to = toMs === undefined ? '' : dateTime(toMs);
  return (
    <Tag closable onClose={onClose} closeIcon={<CloseOutlined aria-label={t('common.clear')} />}>
      {t('common.filter_date')} {from} – {to}
    </Tag>
  );
}
