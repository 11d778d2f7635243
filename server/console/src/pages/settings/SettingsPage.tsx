// Catalogues and rules: the data the server decides by, readable and searchable, samples marked. They are
// versioned files and not changed here; the policy of automatic dispatch is.
import { useQuery } from '@tanstack/react-query';
import { Input, Skeleton } from 'antd';
import { type ReactNode, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { type Catalogues, readCatalogue } from '@/api/catalogues';
import { keys } from '@/api/keys';
import { Page } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { StatusTabs } from '@/components/StatusTabs';
import { useText } from '@/i18n';
import { paths } from '@/util/paths';
import { CardsView } from './CardsView';
import { DispatchPolicyView } from './DispatchPolicyView';
import { EvidenceView, FormsView } from './FormsView';
import { PricesView } from './PricesView';
import { FaultsView, LifecycleView, LimitsView, RolesView } from './RulesViews';
import { TemplatesView } from './TemplatesView';

const NAMES = [
  'operation_cards',
  'price_list',
  'record_forms',
  'evidence_requirements',
  'service_limits',
  'templates',
  'dispatch_policy',
  'lifecycle',
  'fault_codes',
  'permissions',
] as const;
type Name = (typeof NAMES)[number];

const isCatalogue = (name: Name): name is keyof Catalogues & Name =>
  name !== 'templates' && name !== 'dispatch_policy';

export default function SettingsPage() {
  const { t } = useText();
  const navigate = useNavigate();
  const { name: wanted } = useParams();
  const name: Name = NAMES.find((each) => each === wanted) ?? 'operation_cards';
  const [search, setSearch] = useState('');
  return (
    <Page
      title={t('settings.title')}
      tools={
        isCatalogue(name) && (
          <Input.Search
            allowClear
            style={{ width: 240 }}
            placeholder={t('settings.search')}
            aria-label={t('settings.search')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        )
      }
    >
      <StatusTabs
        label={t('settings.title')}
        active={name}
        tabs={NAMES.map((key) => ({ key, label: t(`settings.${key}`) }))}
        onChange={(key) => {
          setSearch('');
          void navigate(paths.settingsPage(key));
        }}
      />
      {name === 'templates' && <TemplatesView />}
      {name === 'dispatch_policy' && <DispatchPolicyView />}
      {isCatalogue(name) && <CatalogueView key={name} name={name} search={search.trim()} />}
    </Page>
  );
}

function CatalogueView({ name, search }: { name: keyof Catalogues; search: string }) {
  const query = useQuery({
    queryKey: keys.catalogue(name),
    queryFn: () => readCatalogue(name),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.error !== null) return <Problem problem={query.error} onRetry={() => void query.refetch()} />;
  if (query.data === undefined) return <Skeleton active paragraph={{ rows: 10 }} />;
  return view(name, query.data, search);
}

/** Each catalogue has its own look; the cast follows the name that was asked for. */
function view(name: keyof Catalogues, data: Catalogues[keyof Catalogues], search: string): ReactNode {
  switch (name) {
    case 'operation_cards':
      return <CardsView cards={data as Catalogues['operation_cards']} search={search} />;
    case 'price_list':
      return <PricesView prices={data as Catalogues['price_list']} search={search} />;
    case 'record_forms':
      return <FormsView forms={data as Catalogues['record_forms']} search={search} />;
    case 'evidence_requirements':
      return <EvidenceView demands={data as Catalogues['evidence_requirements']} search={search} />;
    case 'service_limits':
      return <LimitsView limits={data as Catalogues['service_limits']} search={search} />;
    case 'lifecycle':
      return <LifecycleView rows={data as Catalogues['lifecycle']} search={search} />;
    case 'fault_codes':
      return <FaultsView faults={data as Catalogues['fault_codes']} search={search} />;
    case 'permissions':
      return <RolesView roles={data as Catalogues['permissions']} search={search} />;
  }
}
