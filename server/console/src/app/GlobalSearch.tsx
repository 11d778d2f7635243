// One box for everything: orders and customers, with the reason why each was found. `/` jumps here.
// What is typed may be personal data: it goes to the server only, never into the address bar.
import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { InputRef } from 'antd';
import { AutoComplete, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { listCustomers } from '@/api/archives';
import type { CustomerRow, OrderSummary } from '@/api/contract';
import { listOrders } from '@/api/orders';
import { MatchReason } from '@/components/MatchReason';
import { KindGlyph, StateTag } from '@/components/Words';
import { useKeys } from '@/hooks/useKeys';
import { useText } from '@/i18n';
import { paths } from '@/util/paths';
import { useMay } from './session';

const PAUSE_MS = 250;

function useDelayed(text: string): string {
  const [delayed, setDelayed] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return delayed;
}

export function GlobalSearch() {
  const { t } = useText();
  const may = useMay();
  const navigate = useNavigate();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState('');
  const wanted = useDelayed(text.trim());
  const isOn = wanted.length >= 2;
  const orders = useQuery({
    queryKey: ['search', 'orders', wanted],
    queryFn: ({ signal }) => listOrders({ q: wanted }, null, signal, 6),
    enabled: isOn,
    gcTime: 30_000,
  });
  const customers = useQuery({
    queryKey: ['search', 'customers', wanted],
    queryFn: ({ signal }) => listCustomers({ q: wanted }, null, signal, 6),
    enabled: isOn && may('read_customers'),
    gcTime: 30_000,
  });
  useKeys({ '/': () => input.current?.focus() });

  const foundOrders = orders.data?.work_orders ?? [];
  const foundCustomers = customers.data?.customers ?? [];
  const isDone = isOn && orders.isSuccess && (customers.isSuccess || !may('read_customers'));
  const groups = [
    {
      label: t('app.search_orders'),
      options: foundOrders.map((order) => ({
        value: paths.order(order.id),
        label: <FoundOrder order={order} />,
      })),
    },
    {
      label: t('app.search_customers'),
      options: foundCustomers.map((row) => ({
        value: paths.customer(row.id),
        label: <FoundCustomer row={row} />,
      })),
    },
  ].filter((group) => group.options.length > 0);

  return (
    <AutoComplete
      style={{ width: 420, flexShrink: 1, minWidth: 0 }}
      value={text}
      options={isOn ? groups : []}
      popupMatchSelectWidth={520}
      notFoundContent={isDone ? t('app.search_none') : null}
      onChange={(value: string) => {
        if (!value.startsWith('/')) setText(value);
      }}
      onSelect={(path: string) => {
        setText('');
        input.current?.blur();
        void navigate(path);
      }}
    >
      <Input
        ref={input}
        prefix={<SearchOutlined />}
        suffix={<kbd className="hide-narrow">/</kbd>}
        placeholder={t('app.search_placeholder')}
        aria-label={t('app.search_label')}
        onKeyDown={(event) => {
          if (event.key === 'Escape') input.current?.blur();
        }}
      />
    </AutoComplete>
  );
}

function FoundOrder({ order }: { order: OrderSummary }) {
  return (
    <span className="row">
      <KindGlyph kind={order.kind} />
      <span className="mono nowrap">{order.order_number}</span>
      <StateTag state={order.state} />
      <span className="clip muted">{order.content}</span>
    </span>
  );
}

function FoundCustomer({ row }: { row: CustomerRow }) {
  return (
    <span className="row">
      <span className="mono nowrap">{row.account_number}</span>
      <span className="nowrap">{row.account_name}</span>
      <span className="clip muted grow">{row.supply_address}</span>
      <MatchReason match={row.match} />
    </span>
  );
}
