// The staging sources: how far each table was read, when, and what is wrong.
import { useQuery } from '@tanstack/react-query';
import type { SourceView } from '@/api/contract';
import { listSources } from '@/api/intake';
import { keys } from '@/api/keys';
import { Empty } from '@/components/Empty';
import { PlainList } from '@/components/PlainList';
import { Ago } from '@/components/Time';
import { useText } from '@/i18n';

export function Sources() {
  const { t } = useText();
  const query = useQuery({ queryKey: keys.sources, queryFn: listSources, refetchInterval: 15_000 });
  return (
    <PlainList<SourceView>
      label={t('exceptions.tab_sources')}
      rows={query.data}
      rowKey={(row) => `${row.source}/${row.table_name}`}
      problem={query.error}
      onRetry={() => void query.refetch()}
      empty={<Empty title={t('exceptions.sources_empty')} note={t('exceptions.sources_empty_note')} />}
      columns={[
        { key: 'source', title: t('exceptions.source'), dataIndex: 'source' },
        { key: 'table', title: t('exceptions.table_name'), dataIndex: 'table_name' },
        {
          key: 'key',
          title: t('exceptions.last_key'),
          render: (_, row) => <span className="mono">{row.last_key}</span>,
        },
        { key: 'polled', title: t('exceptions.polled'), render: (_, row) => <Ago ms={row.polled_at_ms} /> },
        {
          key: 'fault',
          title: t('exceptions.code'),
          render: (_, row) =>
            row.fault_code === null ? (
              <span className="state state-done">{t('exceptions.source_ok')}</span>
            ) : (
              <span className="problem-code">{row.fault_code}</span>
            ),
        },
      ]}
    />
  );
}
