// The archive of labels: filters in the URL, the list, what scanned badly, printing what is chosen or found, new
// places, one label in a drawer. An account number finds the codes of the customer and of its meters.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Select } from 'antd';
import { useState } from 'react';
import type { LabelRow } from '@/api/contract';
import { keys } from '@/api/keys';
import { type LabelQuery, listLabels } from '@/api/labels';
import { useMay } from '@/app/session';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { Page } from '@/components/Page';
import { PickArea, PickStation, PickWord, SearchForm, SearchText } from '@/components/SearchForm';
import { useFilters } from '@/hooks/useFilters';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { LabelKind } from '@/i18n/words.gen';
import { downloadCsv } from '@/util/csv';
import { count, dateTime } from '@/util/format';
import { POOR, useLabelColumns } from './columns';
import { LabelDrawer } from './LabelDrawer';
import { PlacesDrawer } from './PlacesDrawer';
import { PrintDialog, type PrintWish } from './PrintDialog';

const SHAPE = {
  kind: 'text',
  show: 'text',
  station_id: 'text',
  area_id: 'text',
  number: 'private',
  label: 'text',
} as const;

const SHOWN = {
  valid: { state: 'valid' },
  unprinted: { state: 'valid', is_unprinted: true },
  poor: { state: 'valid', grade: POOR },
  revoked: { state: 'revoked' },
  all: {},
} as const satisfies Record<string, LabelQuery>;
type Show = keyof typeof SHOWN;
const SHOWS = Object.keys(SHOWN) as Show[];

export default function LabelsPage() {
  const { t, isChinese } = useText();
  const may = useMay();
  const client = useQueryClient();
  const { filters, change, clear } = useFilters(SHAPE);
  const show = SHOWS.find((each) => each === filters.show) ?? 'valid';
  const { label: openId, show: _show, ...narrow } = filters;
  const query: LabelQuery = { ...narrow, ...SHOWN[show] };
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [wish, setWish] = useState<PrintWish | null>(null);
  const [isAdding, setAdding] = useState(false);
  const paged = usePaged({
    queryKey: keys.labelList(query),
    fetchPage: (cursor, signal) => listLabels(query, cursor, signal),
    rowsOf: (page) => page.labels,
  });
  const columns = useLabelColumns();
  const refresh = () => void client.invalidateQueries({ queryKey: keys.labels });
  const isFiltered = Object.keys(narrow).length > 0 || show !== 'valid';
  const canPrint = show !== 'revoked' && paged.rows.length > 0;
  const printFound = () => setWish({ ids: [], query, isReprint: show === 'poor', total: paged.total });
  return (
    <Page
      isFixed
      title={t('labels.title')}
      tools={
        may('manage_labels') && (
          <>
            <Button onClick={() => setAdding(true)}>{t('labels.add_places')}</Button>
            {marked.size > 0 ? (
              <Button
                type="primary"
                onClick={() =>
                  setWish({ ids: [...marked], query, isReprint: show === 'poor', total: marked.size })
                }
              >
                {t('labels.print_chosen', { count: marked.size })}
              </Button>
            ) : (
              <Button type="primary" disabled={!canPrint} onClick={printFound}>
                {t(show === 'poor' ? 'labels.reprint_found' : 'labels.print_found')}
              </Button>
            )}
          </>
        )
      }
    >
      {show !== 'poor' && (
        <PoorReport
          onShow={() => change({ show: 'poor' })}
          onReprint={(total) => setWish({ ids: [], query: SHOWN.poor, isReprint: true, total })}
        />
      )}
      <SearchForm onClear={isFiltered ? clear : undefined}>
        <SearchText
          value={filters.number}
          placeholder={t('labels.number_hint')}
          width={300}
          onChange={(number) => change({ number })}
        />
        <Select
          style={{ width: isChinese ? 180 : 224 }}
          aria-label={t('labels.show')}
          value={show}
          options={SHOWS.map((value) => ({ value, label: t(`labels.show_${value}`) }))}
          onChange={(value) => change({ show: value === 'valid' ? undefined : value })}
        />
        <PickWord
          table={LabelKind}
          value={filters.kind}
          placeholder={t('labels.kind')}
          onChange={(kind) => change({ kind })}
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
      </SearchForm>
      <ListTable<LabelRow>
        label={t('labels.title')}
        paged={paged}
        columns={columns}
        marks={
          may('manage_labels')
            ? {
                ids: marked,
                onChange: setMarked,
                nameOf: (row) => t('labels.choose', { number: row.number }),
              }
            : undefined
        }
        empty={
          show === 'poor' ? (
            <Empty title={t('labels.poor_none')} note={t('labels.poor_none_note')} />
          ) : (
            <Empty title={t('labels.empty')} note={t('labels.empty_note')} />
          )
        }
        onOpen={(row) => change({ label: row.id })}
        footTools={<Export rows={paged.rows} />}
      />
      <LabelDrawer
        id={openId ?? null}
        onClose={() => change({ label: undefined })}
        onOpen={(label) => change({ label })}
        onPrint={(row) =>
          setWish({ ids: [row.id], query: {}, isReprint: row.printed_at_ms !== null, total: 1 })
        }
        onChanged={refresh}
      />
      {wish !== null && (
        <PrintDialog
          wish={wish}
          onClose={() => setWish(null)}
          onPrinted={() => {
            setWish(null);
            setMarked(new Set());
            refresh();
          }}
        />
      )}
      {isAdding && <PlacesDrawer onClose={() => setAdding(false)} onMade={refresh} />}
    </Page>
  );
}

/** What electricians scanned and found bad, of the whole county; nothing when all is well. */
function PoorReport({ onShow, onReprint }: { onShow: () => void; onReprint: (total: number) => void }) {
  const { t } = useText();
  const may = useMay();
  const poor = useQuery({
    queryKey: keys.labelList({ report: 'poor' }),
    queryFn: ({ signal }) => listLabels(SHOWN.poor, null, signal),
  });
  const total = poor.data?.meta.total ?? 0;
  if (total === 0) return null;
  return (
    <div className="notice" role="status">
      <span className="grow">{t('labels.poor_report', { count: total })}</span>
      <Button size="small" onClick={onShow}>
        {t('labels.poor_show')}
      </Button>
      {may('manage_labels') && (
        <Button size="small" type="primary" onClick={() => onReprint(total)}>
          {t('labels.reprint_all')}
        </Button>
      )}
    </div>
  );
}

function Export({ rows }: { rows: readonly LabelRow[] }) {
  const { t, word } = useText();
  const names = [
    'number',
    'kind',
    'state',
    'area',
    'station',
    'revision',
    'printed',
    'grade',
    'graded',
  ] as const;
  const at = (ms: number | null) => (ms === null ? null : dateTime(ms));
  const save = () =>
    downloadCsv(
      `${t('labels.title')}.csv`,
      names.map((name) => t(`labels.${name}`)),
      rows.map((row) => [
        row.number,
        word(LabelKind, row.kind),
        t(row.state === 'valid' ? 'labels.valid' : 'labels.revoked'),
        row.area_name,
        row.station_name,
        row.revision,
        at(row.printed_at_ms),
        row.grade,
        at(row.graded_at_ms),
      ]),
    );
  return (
    <Button size="small" title={t('common.export_rows', { rows: count(rows.length) })} onClick={save}>
      {t('common.export_csv')}
    </Button>
  );
}
