// What phones sent and the server could not apply: never lost, waits for a person.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Popconfirm } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { useState } from 'react';
import type { QuarantineView } from '@/api/contract';
import { listQuarantine, resolveQuarantine, retryQuarantine } from '@/api/intake';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { EditDrawer } from '@/components/EditDrawer';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { Problem } from '@/components/Problem';
import { ShortTime } from '@/components/Time';
import { useFaultSentence } from '@/hooks/useFaultSentence';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';

export function Quarantine() {
  const { t } = useText();
  const may = useMay();
  const client = useQueryClient();
  const sentence = useFaultSentence();
  const { message } = App.useApp();
  const retry = useMutation({
    mutationFn: (row: QuarantineView) => retryQuarantine(row.id),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.quarantine });
      void message.success(t('exceptions.retry_command_done'));
    },
  });
  const [open, setOpen] = useState<QuarantineView | null>(null);
  const paged = usePaged({
    queryKey: keys.quarantine,
    fetchPage: (cursor) => listQuarantine(cursor),
    rowsOf: (page) => page.quarantine,
  });
  const columns: ColumnsType<QuarantineView> = [
    {
      key: 'at',
      title: t('exceptions.received'),
      width: 110,
      render: (_, r) => <ShortTime ms={r.received_at_ms} />,
    },
    { key: 'staff', title: t('exceptions.staff'), width: 100, dataIndex: 'staff_name' },
    { key: 'n', title: t('exceptions.number'), width: 70, align: 'right', dataIndex: 'n' },
    {
      key: 'code',
      title: t('exceptions.code'),
      width: 150,
      render: (_, r) => <span className="problem-code">{r.code}</span>,
    },
    {
      key: 'message',
      title: t('exceptions.message'),
      width: 460,
      ellipsis: true,
      render: (_, r) => sentence(r.code, r.message),
    },
    {
      key: 'act',
      title: '',
      width: 190,
      render: (_, r) =>
        r.resolved_at_ms === null ? (
          may('resolve_exceptions') && (
            <div className="row">
              <Popconfirm
                title={t('exceptions.retry_command')}
                description={t('exceptions.retry_command_ask')}
                okText={t('exceptions.retry_command')}
                onConfirm={() => retry.mutate(r)}
              >
                <Button size="small" loading={retry.isPending && retry.variables?.id === r.id}>
                  {t('exceptions.retry_command')}
                </Button>
              </Popconfirm>
              <Button size="small" onClick={() => setOpen(r)}>
                {t('exceptions.resolve')}
              </Button>
            </div>
          )
        ) : (
          <span className="faint">{t('exceptions.record_done')}</span>
        ),
    },
  ];
  return (
    <>
      {retry.error !== null && <Problem problem={retry.error} />}
      <ListTable<QuarantineView>
        label={t('exceptions.tab_quarantine')}
        paged={paged}
        columns={columns}
        empty={
          <Empty title={t('exceptions.quarantine_empty')} note={t('exceptions.quarantine_empty_note')} />
        }
      />
      {open !== null && (
        <EditDrawer<{ note: string }>
          title={t('exceptions.resolve_title')}
          initial={{}}
          saveLabel={t('exceptions.resolve')}
          onClose={() => setOpen(null)}
          onSave={async ({ note }) => {
            await resolveQuarantine(open.id, note);
            await client.invalidateQueries({ queryKey: keys.quarantine });
            setOpen(null);
          }}
        >
          <p className="match-box">
            <span className="problem-code">{open.code}</span> {sentence(open.code, open.message)}
          </p>
          <Form.Item
            name="note"
            label={t('common.note')}
            rules={[{ required: true, whitespace: true, min: 2, message: t('common.reason_min') }]}
          >
            <Input.TextArea rows={3} maxLength={500} />
          </Form.Item>
        </EditDrawer>
      )}
    </>
  );
}
