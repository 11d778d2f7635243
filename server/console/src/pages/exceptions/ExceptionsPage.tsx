// Exceptions: what came in and could not be used, what phones sent and was set aside, the sources' health.
import { useQuery } from '@tanstack/react-query';
import { keys } from '@/api/keys';
import { readOverview } from '@/api/numbers';
import { Page } from '@/components/Page';
import { StatusTabs } from '@/components/StatusTabs';
import { useFilters } from '@/hooks/useFilters';
import { useText } from '@/i18n';
import { IntakeRecords } from './IntakeRecords';
import { Quarantine } from './Quarantine';
import { Sources } from './Sources';

const SHAPE = { tab: 'text', state: 'text' } as const;
const TABS = ['intake', 'quarantine', 'sources'] as const;
type Tab = (typeof TABS)[number];

export default function ExceptionsPage() {
  const { t } = useText();
  const { filters, change } = useFilters(SHAPE);
  const tab: Tab = TABS.find((each) => each === filters.tab) ?? 'intake';
  const overview = useQuery({ queryKey: keys.overview, queryFn: readOverview });
  return (
    <Page isFixed title={t('exceptions.title')}>
      <StatusTabs
        label={t('exceptions.title')}
        active={tab}
        tabs={[
          { key: 'intake', label: t('exceptions.tab_intake'), count: overview.data?.exceptions ?? null },
          { key: 'quarantine', label: t('exceptions.tab_quarantine') },
          { key: 'sources', label: t('exceptions.tab_sources') },
        ]}
        onChange={(next) => change({ tab: next, state: undefined })}
      />
      {tab === 'intake' && (
        <IntakeRecords state={filters.state ?? 'exception'} onState={(state) => change({ state })} />
      )}
      {tab === 'quarantine' && <Quarantine />}
      {tab === 'sources' && <Sources />}
    </Page>
  );
}
