// The audit log, newest first, and the check whether the chain is whole.
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { listAudit, verifyAudit } from '@/api/archives';
import type { AuditRow, AuditVerdict } from '@/api/contract';
import { keys } from '@/api/keys';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { Page } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { actionName, detailText, subjectName } from '@/util/audit';
import { count, dateTimeSeconds } from '@/util/format';

type Row = AuditRow & { id: string };

export default function AuditPage() {
  const { t } = useText();
  const verify = useMutation({ mutationFn: verifyAudit });
  const paged = usePaged({
    queryKey: [...keys.audit, 'all'],
    fetchPage: (cursor) => listAudit({}, cursor),
    rowsOf: (page): Row[] => page.audit.map((row) => ({ ...row, id: String(row.seq) })),
  });
  const columns: ColumnsType<Row> = [
    { key: 'seq', title: t('audit.seq'), width: 80, align: 'right', dataIndex: 'seq' },
    { key: 'at', title: t('audit.at'), width: 170, render: (_, row) => dateTimeSeconds(row.at_ms) },
    { key: 'who', title: t('audit.who'), width: 130, render: (_, row) => row.actor_name ?? row.actor_id },
    {
      key: 'action',
      title: t('audit.action'),
      width: 180,
      render: (_, row) => <span title={row.action}>{actionName(row.action, t)}</span>,
    },
    {
      key: 'subject',
      title: t('audit.subject'),
      width: 220,
      ellipsis: true,
      render: (_, row) => (
        <span title={row.subject_id}>
          {subjectName(row.subject_kind, t)} <span className="mono faint">{row.subject_id}</span>
        </span>
      ),
    },
    {
      key: 'detail',
      title: t('audit.detail'),
      width: 400,
      ellipsis: true,
      render: (_, row) => <span className="mono faint">{detailText(row.detail)}</span>,
    },
  ];
  return (
    <Page
      isFixed
      title={t('audit.title')}
      note={t('audit.note')}
      tools={
        <>
          {verify.data !== undefined && <Verdict verdict={verify.data.verdict} />}
          <Button loading={verify.isPending} onClick={() => verify.mutate()}>
            {t('audit.verify')}
          </Button>
        </>
      }
    >
      {verify.error !== null && <Problem problem={verify.error} />}
      <ListTable<Row>
        label={t('audit.title')}
        paged={paged}
        columns={columns}
        empty={<Empty title={t('audit.empty')} />}
      />
    </Page>
  );
}

function Verdict({ verdict }: { verdict: AuditVerdict }) {
  const { t } = useText();
  const command = verdict.broken_command;
  const isWhole = verdict.broken_at == null && command == null;
  const broken = command
    ? t('audit.brokenCommand', { device: command.device_id, n: command.n })
    : t('audit.broken', { seq: verdict.broken_at ?? 0 });
  return (
    <span role="status" className={isWhole ? 'state state-done' : 'state state-back'}>
      {isWhole ? t('audit.whole', { rows: count(verdict.rows), commands: count(verdict.commands) }) : broken}
    </span>
  );
}
