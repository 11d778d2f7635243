// The archive of labels: filters, the list, printing what is chosen or found, one label in a drawer.
import { Button, Input, Select } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import type { LabelRow } from '@/api/contract';
import { keys } from '@/api/keys';
import { type LabelQuery, listLabels } from '@/api/labels';
import { useMay } from '@/app/session';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { Page } from '@/components/Page';
import { ShortTime } from '@/components/Time';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { LabelKind } from '@/i18n/words.gen';
import { LabelDrawer } from './LabelDrawer';
import { PrintDialog } from './PrintDialog';

/** From this letter on a label is printed anew. */
const POOR = 'D';

export default function LabelsPage() {
  const { t, word } = useText();
  const may = useMay();
  const [query, setQuery] = useState<LabelQuery>({ state: 'valid' });
  const [openId, setOpenId] = useState<string | null>(null);
  const [isPrinting, setPrinting] = useState(false);
  const paged = usePaged({
    queryKey: keys.labelList(query),
    fetchPage: (cursor, signal) => listLabels(query, cursor, signal),
    rowsOf: (page) => page.labels,
  });
  const columns: ColumnsType<LabelRow> = [
    { key: 'kind', title: t('labels.kind'), width: 110, render: (_, row) => word(LabelKind, row.kind) },
    { key: 'number', title: t('labels.number'), width: 200, dataIndex: 'number' },
    { key: 'station', title: t('labels.station'), render: (_, row) => row.station_name ?? '–' },
    { key: 'area', title: t('labels.area'), render: (_, row) => row.area_name ?? '–' },
    { key: 'revision', title: t('labels.revision'), width: 80, align: 'right', dataIndex: 'revision' },
    {
      key: 'printed',
      title: t('labels.printed'),
      width: 140,
      render: (_, row) =>
        row.printed_at_ms === null ? (
          <span className="faint">{t('labels.never')}</span>
        ) : (
          <ShortTime ms={row.printed_at_ms} />
        ),
    },
    {
      key: 'grade',
      title: t('labels.grade'),
      width: 90,
      render: (_, row) =>
        row.grade === null ? (
          <span className="faint">–</span>
        ) : (
          <span className={row.grade >= POOR ? 'tone-soon' : ''}>{row.grade}</span>
        ),
    },
    {
      key: 'state',
      title: t('labels.state'),
      width: 100,
      render: (_, row) =>
        row.state === 'valid' ? (
          <span className="state state-done">{t('labels.valid')}</span>
        ) : (
          <span className="state state-off">{t('labels.revoked')}</span>
        ),
    },
  ];
  const isPoorOnly = query.grade === POOR;
  return (
    <Page
      title={t('labels.title')}
      tools={
        may('manage_labels') && (
          <Button type="primary" disabled={paged.rows.length === 0} onClick={() => setPrinting(true)}>
            {isPoorOnly ? t('labels.reprint_found') : t('labels.print_found')}
          </Button>
        )
      }
    >
      <search className="row wrap">
        <Select
          allowClear
          style={{ width: 150 }}
          placeholder={t('labels.kind')}
          aria-label={t('labels.kind')}
          value={query.kind}
          options={Object.keys(LabelKind).map((value) => ({ value, label: word(LabelKind, value) }))}
          onChange={(kind) => setQuery({ ...query, kind })}
        />
        <Select
          style={{ width: 170 }}
          aria-label={t('labels.show')}
          value={isPoorOnly ? 'poor' : query.is_unprinted ? 'unprinted' : (query.state ?? 'all')}
          options={['valid', 'unprinted', 'poor', 'revoked', 'all'].map((value) => ({
            value,
            label: t(`labels.show_${value as 'valid' | 'unprinted' | 'poor' | 'revoked' | 'all'}`),
          }))}
          onChange={(value) => setQuery({ kind: query.kind, number: query.number, ...SHOWN[value] })}
        />
        <Input.Search
          allowClear
          style={{ width: 240 }}
          placeholder={t('labels.number_hint')}
          aria-label={t('labels.number')}
          onSearch={(number) => setQuery({ ...query, number: number.trim() })}
        />
      </search>
      <ListTable
        label={t('labels.title')}
        paged={paged}
        columns={columns}
        empty={<Empty title={t('labels.empty')} note={t('labels.empty_note')} />}
        onOpen={(row) => setOpenId(row.id)}
      />
      <LabelDrawer id={openId} onClose={() => setOpenId(null)} onChanged={paged.reload} />
      <PrintDialog
        isOpen={isPrinting}
        query={query}
        isReprint={isPoorOnly}
        onClose={() => {
          setPrinting(false);
          paged.reload();
        }}
      />
    </Page>
  );
}

const SHOWN: Record<string, LabelQuery> = {
  valid: { state: 'valid' },
  unprinted: { state: 'valid', is_unprinted: true },
  poor: { state: 'valid', grade: POOR },
  revoked: { state: 'revoked' },
  all: {},
};
