// Imports: choose a file and its mapping, dry-run, then import; progress and history below.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Progress, Select, Upload } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { ImportView } from '@/api/contract';
import { listImports, listMappings, startImport } from '@/api/intake';
import { keys } from '@/api/keys';
import { Empty } from '@/components/Empty';
import { Page, Panel } from '@/components/Page';
import { PlainList } from '@/components/PlainList';
import { Problem } from '@/components/Problem';
import { ShortTime } from '@/components/Time';
import { useText } from '@/i18n';
import { RecordKind } from '@/i18n/words.gen';
import { count, bytes as sizeOf } from '@/util/format';
import { paths } from '@/util/paths';

/** Requests by an agent come through the intake page, not through a file. */
const IMPORTABLE = (Object.keys(RecordKind) as RecordKind[]).filter((kind) => kind !== 'request');

export default function ImportsPage() {
  const { t } = useText();
  const imports = useQuery({
    queryKey: keys.imports,
    queryFn: listImports,
    refetchInterval: (query) => (query.state.data?.some((each) => each.state === 'running') ? 1000 : 15_000),
  });
  return (
    <Page title={t('imports.title')}>
      <Start imports={imports.data ?? []} />
      <Panel title={t('imports.history')} isFlush>
        <History rows={imports.data} problem={imports.error} onRetry={() => void imports.refetch()} />
      </Panel>
    </Page>
  );
}

function Start({ imports }: { imports: readonly ImportView[] }) {
  const { t, named, word } = useText();
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [kind, setKind] = useState<RecordKind>('customers');
  const [mapping, setMapping] = useState<string | undefined>();
  const [dryId, setDryId] = useState<string | null>(null);
  const mappings = useQuery({ queryKey: keys.mappings, queryFn: listMappings });
  const options = (mappings.data ?? [])
    .filter((each) => each.record_kind === kind)
    .map((each) => ({ value: each.name, label: named(each) }));
  const chosen = options.find((each) => each.value === mapping)?.value ?? options[0]?.value;
  const dry = imports.find((each) => each.id === dryId);
  const isReady = dry?.state === 'done';
  const start = useMutation({
    mutationFn: (isDry: boolean) =>
      startImport(file as File, { record_kind: kind, mapping: chosen ?? '', dry_run: isDry }),
    onSuccess: (started) => {
      setDryId(started.is_dry_run ? started.id : null);
      if (!started.is_dry_run) setFile(null);
      void client.invalidateQueries({ queryKey: keys.imports });
    },
  });
  const canStart = file !== null && chosen !== undefined;
  return (
    <Panel title={t('imports.upload')}>
      <div className="import-grid">
        <Upload.Dragger
          accept=".csv,.tsv,.txt"
          maxCount={1}
          fileList={file === null ? [] : [{ uid: file.name, name: `${file.name} · ${sizeOf(file.size)}` }]}
          beforeUpload={(next) => {
            setFile(next);
            setDryId(null);
            return false;
          }}
          onRemove={() => setFile(null)}
        >
          <p style={{ margin: '6px 0' }}>{t('imports.drop')}</p>
          <p className="faint">{t('imports.drop_note')}</p>
        </Upload.Dragger>
        <div className="col">
          <div className="col" style={{ gap: 2 }}>
            <span className="muted">{t('imports.record_kind')}</span>
            <Select
              value={kind}
              aria-label={t('imports.record_kind')}
              options={IMPORTABLE.map((value) => ({
                value,
                label: word(RecordKind, value),
              }))}
              onChange={(next) => {
                setKind(next);
                setDryId(null);
              }}
            />
          </div>
          <div className="col" style={{ gap: 2 }}>
            <span className="muted">{t('imports.mapping')}</span>
            <Select
              value={chosen}
              aria-label={t('imports.mapping')}
              placeholder={t('imports.mapping_needed')}
              loading={mappings.isLoading}
              options={options}
              onChange={(next) => {
                setMapping(next);
                setDryId(null);
              }}
            />
          </div>
          {start.error !== null && <Problem problem={start.error} />}
          <div className="row wrap">
            <Button
              type={isReady ? 'default' : 'primary'}
              disabled={!canStart}
              loading={start.isPending || dry?.state === 'running'}
              onClick={() => start.mutate(true)}
            >
              {t('imports.start_dry')}
            </Button>
            <Button
              type={isReady ? 'primary' : 'default'}
              disabled={!canStart || !isReady}
              title={isReady ? undefined : t('imports.dry_first')}
              onClick={() => start.mutate(false)}
            >
              {t('imports.start_real')}
            </Button>
            <span className="faint">
              {isReady
                ? t('imports.ready', { rows: count(dry.rows_read), failed: count(dry.rows_failed) })
                : t('imports.dry_first')}
            </span>
          </div>
          {dry !== undefined && <Problems run={dry} />}
        </div>
      </div>
    </Panel>
  );
}

function History(props: { rows: ImportView[] | undefined; problem: unknown; onRetry: () => void }) {
  const { t, word } = useText();
  return (
    <PlainList<ImportView>
      {...props}
      label={t('imports.history')}
      rowKey="id"
      empty={<Empty title={t('imports.empty')} note={t('imports.empty_note')} />}
      columns={[
        {
          key: 'started',
          title: t('imports.started'),
          render: (_, row) => <ShortTime ms={row.started_at_ms} />,
        },
        { key: 'file', title: t('imports.file'), dataIndex: 'file_name' },
        {
          key: 'kind',
          title: t('imports.record_kind'),
          render: (_, row) => word(RecordKind, row.record_kind),
        },
        { key: 'dry', title: '', render: (_, row) => t(row.is_dry_run ? 'imports.dry' : 'imports.real') },
        { key: 'state', title: t('imports.state'), render: (_, row) => <ImportState row={row} /> },
        { key: 'rows', title: t('imports.rows'), align: 'right', render: (_, row) => count(row.rows_read) },
        {
          key: 'written',
          title: t('imports.written'),
          align: 'right',
          render: (_, row) => count(row.rows_written),
        },
        {
          key: 'unchanged',
          title: t('imports.unchanged'),
          align: 'right',
          render: (_, row) => count(row.rows_unchanged),
        },
        {
          key: 'failed',
          title: t('imports.failed'),
          align: 'right',
          render: (_, row) =>
            row.rows_failed === 0 ? '0' : <Link to={paths.exceptions}>{count(row.rows_failed)}</Link>,
        },
        { key: 'by', title: t('imports.by'), dataIndex: 'started_by' },
      ]}
    />
  );
}

function ImportState({ row }: { row: ImportView }) {
  const { t } = useText();
  if (row.state === 'running') {
    const share = row.bytes_total === 0 ? 0 : Math.floor((row.bytes_read * 100) / row.bytes_total);
    return <Progress percent={share} size="small" style={{ width: 140 }} />;
  }
  if (row.state === 'done') return <span className="state state-done">{t('imports.state_done')}</span>;
  return (
    <span title={row.message ?? undefined}>
      <span className="state state-back">{t('imports.state_failed')}</span>{' '}
      <span className="problem-code">{row.fault_code}</span>
    </span>
  );
}

/** Why rows cannot be used: the first ones with their line, and columns nobody knows. */
function Problems({ run }: { run: ImportView }) {
  const { t, listed } = useText();
  const { first, unknown_columns: unknown } = run.problems;
  return (
    <>
      {unknown.length > 0 && (
        <p className="tone-soon">{t('imports.unknown_columns', { names: listed(unknown) })}</p>
      )}
      {first.length > 0 && (
        <ul className="reasons">
          {first.slice(0, 8).map((problem) => (
            <li key={`${problem.line}-${problem.code}`}>
              {t('imports.line', { line: problem.line })} <span className="problem-code">{problem.code}</span>{' '}
              {problem.message}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
