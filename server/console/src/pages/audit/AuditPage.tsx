// The audit log, newest first, and the check whether the chain is whole.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ColumnsType } from 'antd/es/table';
import { listAudit, listStaff, verifyAudit } from '@/api/archives';
import type { AuditRow, AuditVerdict } from '@/api/contract';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { Page } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { Pick, SearchForm } from '@/components/SearchForm';
import { useFilters } from '@/hooks/useFilters';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { actionName, detailText, SUBJECTS, subjectName } from '@/util/audit';
import { count, dateTimeSeconds } from '@/util/format';

const SHAPE = { subject_kind: 'text', actor_id: 'text' } as const;

type Row = AuditRow & { id: string };

export default function AuditPage() {
  const { t } = useText();
  const { filters, change, clear } = useFilters(SHAPE);
  const may = useMay();
  const verify = useMutation({ mutationFn: verifyAudit });
  const paged = usePaged({
    queryKey: [...keys.audit, 'all', filters],
    fetchPage: (cursor) => listAudit(filters, cursor),
    rowsOf: (page): Row[] => page.audit.map((row) => ({ ...row, id: String(row.seq) })),
  });
  const people = useQuery({
    queryKey: [...keys.staff, {}],
    queryFn: () => listStaff(),
    enabled: may('read_staff'),
    staleTime: 300_000,
  });
  const columns: ColumnsType<Row> = [
    { key: 'seq', title: t('audit.seq'), width: 80, align: 'right', dataIndex: 'seq' },
    { key: 'at', title: t('audit.at'), width: 170, render: (_, row) => dateTimeSeconds(row.at_ms) },
    {
      key: 'who',
      title: t('audit.who'),
      width: 130,
      render: (_, row) => row.actor_name ?? (row.actor_id === 'system' ? t('audit.system') : row.actor_id),
    },
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
      width: 356,
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
      <SearchForm onClear={Object.keys(filters).length > 0 ? clear : undefined}>
        <Pick
          value={filters.subject_kind}
          placeholder={t('audit.filter_subject')}
          options={SUBJECTS.map((value) => ({ value, label: subjectName(value, t) }))}
          onChange={(subject_kind) => change({ subject_kind })}
        />
        <Pick
          value={filters.actor_id}
          placeholder={t('audit.who')}
          options={(people.data ?? []).map((person) => ({ value: person.id, label: person.display_name }))}
          onChange={(actor_id) => change({ actor_id })}
        />
      </SearchForm>
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
