// Intake records that wait for a person: retry after mending, decide by hand, or ignore with a reason.
import { useQueryClient } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import { Link } from 'react-router';
import type { IntakeRecord } from '@/api/contract';
import { listIntakeRecords, retryRecord } from '@/api/intake';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { ShortTime } from '@/components/Time';
import { useFaultSentence } from '@/hooks/useFaultSentence';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { IntakeSource, RecordKind } from '@/i18n/words.gen';
import { useOrderActions } from '@/pages/orders/useOrderActions';
import { paths } from '@/util/paths';
import { RecordDrawer } from './RecordDrawer';

const STATES = ['exception', 'refused', 'ignored', 'used'] as const;

export function IntakeRecords({ state, onState }: { state: string; onState: (state: string) => void }) {
  const { t, word } = useText();
  const may = useMay();
  const client = useQueryClient();
  const { tell } = useOrderActions();
  const [open, setOpen] = useState<IntakeRecord | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const paged = usePaged({
    queryKey: [...keys.intakeRecords, state],
    fetchPage: (cursor) => listIntakeRecords({ state }, cursor),
    rowsOf: (page) => page.intake_records,
  });
  const refresh = () => void client.invalidateQueries({ queryKey: keys.intakeRecords });
  const retry = async (record: IntakeRecord) => {
    setBusy(record.id);
    try {
      await retryRecord(record.id);
    } catch (thrown) {
      tell(thrown);
    } finally {
      setBusy(null);
      refresh();
    }
  };
  const sentence = useFaultSentence();
  const columns: ColumnsType<IntakeRecord> = [
    {
      key: 'received',
      title: t('exceptions.received'),
      width: 110,
      render: (_, r) => <ShortTime ms={r.received_at_ms} />,
    },
    {
      key: 'source',
      title: t('exceptions.source'),
      width: 120,
      render: (_, r) => word(IntakeSource, r.source),
    },
    {
      key: 'kind',
      title: t('exceptions.record_kind'),
      width: 130,
      ellipsis: true,
      render: (_, r) => word(RecordKind, r.record_kind),
    },
    {
      key: 'key',
      title: t('exceptions.source_key'),
      width: 160,
      render: (_, r) => <span className="mono">{r.source_key}</span>,
    },
    {
      key: 'code',
      title: t('exceptions.code'),
      width: 140,
      render: (_, r) => <span className="problem-code">{r.fault_code}</span>,
    },
    {
      key: 'message',
      title: t('exceptions.message'),
      width: 300,
      ellipsis: true,
      render: (_, r) => sentence(r.fault_code, r.message),
    },
    { key: 'attempts', title: t('exceptions.attempts'), width: 76, align: 'right', dataIndex: 'attempts' },
    {
      key: 'act',
      title: '',
      width: 110,
      render: (_, r) =>
        r.order_id !== null ? (
          <Link to={paths.order(r.order_id)} onClick={(event) => event.stopPropagation()}>
            {t('exceptions.order')}
          </Link>
        ) : (
          r.state === 'exception' &&
          may('resolve_exceptions') && (
            <Button
              size="small"
              loading={busy === r.id}
              onClick={(event) => {
                event.stopPropagation();
                void retry(r);
              }}
            >
              {t('exceptions.retry')}
            </Button>
          )
        ),
    },
  ];
  return (
    <>
      <Segmented
        style={{ alignSelf: 'start' }}
        value={state}
        onChange={onState}
        options={STATES.map((value) => ({ value, label: t(`exceptions.state_${value}`) }))}
      />
      <ListTable<IntakeRecord>
        label={t('exceptions.tab_intake')}
        paged={paged}
        columns={columns}
        onOpen={setOpen}
        empty={<Empty title={t('exceptions.empty')} note={t('exceptions.empty_note')} />}
      />
      {open !== null && (
        <RecordDrawer
          record={open}
          onClose={() => setOpen(null)}
          onDone={() => {
            refresh();
            setOpen(null);
          }}
        />
      )}
    </>
  );
}
