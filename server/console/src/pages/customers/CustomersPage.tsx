// Customers: one search box, and why each row was found. Personal data is masked by the server.
import type { ColumnsType } from 'antd/es/table';
import { useNavigate } from 'react-router';
import { listCustomers } from '@/api/archives';
import type { CustomerRow } from '@/api/contract';
import { keys } from '@/api/keys';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { MatchReason } from '@/components/MatchReason';
import { Page } from '@/components/Page';
import { PickArea, PickStation, SearchForm, SearchText } from '@/components/SearchForm';
import { useFilters } from '@/hooks/useFilters';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { CustomerClass } from '@/i18n/words.gen';
import { money } from '@/util/format';
import { paths } from '@/util/paths';

const SHAPE = { q: 'private', station_id: 'text', area_id: 'text' } as const;

export default function CustomersPage() {
  const { t, word, listed } = useText();
  const navigate = useNavigate();
  const { filters, change, clear } = useFilters(SHAPE);
  const paged = usePaged({
    queryKey: [...keys.customers, 'list', filters],
    fetchPage: (cursor, signal) => listCustomers(filters, cursor, signal),
    rowsOf: (page) => page.customers,
  });
  const all: ColumnsType<CustomerRow> = [
    {
      key: 'account',
      title: t('customers.account_number'),
      width: 112,
      fixed: 'start',
      render: (_, row) => <span className="mono">{row.account_number}</span>,
    },
    {
      key: 'name',
      title: t('customers.account_name'),
      width: 96,
      ellipsis: true,
      dataIndex: 'account_name',
    },
    {
      key: 'match',
      title: t('customers.match'),
      width: 100,
      render: (_, row) => <MatchReason match={row.match} />,
    },
    {
      key: 'address',
      title: t('customers.address'),
      width: 208,
      ellipsis: true,
      dataIndex: 'supply_address',
    },
    { key: 'area', title: t('customers.area'), width: 168, ellipsis: true, dataIndex: 'area_name' },
    {
      key: 'meters',
      title: t('customers.meters'),
      width: 124,
      ellipsis: true,
      render: (_, row) => <span className="mono">{listed(row.meter_numbers) || '–'}</span>,
    },
    { key: 'phone', title: t('customers.phone'), width: 112, dataIndex: 'contact_phone' },
    {
      key: 'class',
      title: t('customers.class'),
      width: 100,
      ellipsis: true,
      render: (_, row) => word(CustomerClass, row.customer_class),
    },
    {
      key: 'arrears',
      title: t('customers.arrears'),
      width: 116,
      align: 'right',
      render: (_, row) =>
        row.arrears_fen > 0 ? (
          <span className="tone-soon">{money(row.arrears_fen)}</span>
        ) : (
          <span className="faint">–</span>
        ),
    },
    {
      key: 'orders',
      title: t('customers.open_orders'),
      width: 100,
      align: 'right',
      render: (_, row) => (row.open_orders > 0 ? row.open_orders : <span className="faint">–</span>),
    },
  ];
  // Why a row was found matters only to who searched.
  const columns = filters.q === undefined ? all.filter((column) => column.key !== 'match') : all;
  return (
    <Page isFixed title={t('customers.title')}>
      <SearchForm onClear={Object.keys(filters).length > 0 ? clear : undefined}>
        <SearchText
          value={filters.q}
          placeholder={t('customers.search')}
          width={400}
          onChange={(q) => change({ q })}
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
      <ListTable<CustomerRow>
        label={t('customers.title')}
        paged={paged}
        columns={columns}
        onOpen={(row) => void navigate(paths.customer(row.id))}
        empty={<Empty title={t('customers.empty')} note={t('customers.empty_note')} />}
      />
    </Page>
  );
}
