// One customer: meters, codes, bills, orders.
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { readCustomer, unmaskCustomer } from '@/api/archives';
import type { CustomerDetail, Personal } from '@/api/contract';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { MaskedText, UnmaskButton } from '@/components/Masked';
import { Facts, Page, Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { KindGlyph, StateTag } from '@/components/Words';
import { useKeys } from '@/hooks/useKeys';
import { useText } from '@/i18n';
import { CustomerClass, LabelKind, OrderKind } from '@/i18n/words.gen';
import { LabelState } from '@/pages/labels/columns';
import { dateTime, day, dayKey, energyKwh, money, monthKey } from '@/util/format';
import { paths } from '@/util/paths';

export default function CustomerPage() {
  const { id = '' } = useParams();
  const { t } = useText();
  const navigate = useNavigate();
  const query = useQuery({ queryKey: keys.customer(id), queryFn: () => readCustomer(id) });
  const back = () => void (window.history.length > 1 ? navigate(-1) : navigate(paths.customers));
  useKeys({ Escape: back });
  return (
    <Page
      title={`${t('customers.one')} ${query.data?.account_number ?? ''}`}
      windowTitle={t('customers.one')}
      tools={<Button onClick={back}>{t('order.back')}</Button>}
    >
      {query.error !== null && <Problem problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton active paragraph={{ rows: 10 }} />}
      {query.data !== undefined && <Body key={query.data.id} customer={query.data} />}
    </Page>
  );
}

function Body({ customer }: { customer: CustomerDetail }) {
  const { t, word } = useText();
  const may = useMay();
  const [personal, setPersonal] = useState<Personal | null>(null);
  return (
    <div className="customer-grid">
      <div className="col" style={{ gap: 12 }}>
        <Panel
          title={customer.account_name}
          tools={
            may('unmask_customers') && personal === null ? (
              <UnmaskButton
                onReason={async (reason) => setPersonal(await unmaskCustomer(customer.id, reason))}
              />
            ) : undefined
          }
        >
          <Facts
            items={[
              [t('customers.account_number'), <span className="mono">{customer.account_number}</span>],
              [t('customers.phone'), <MaskedText text={personal?.contact_phone ?? customer.contact_phone} />],
              [t('customers.address'), personal?.address ?? customer.supply_address],
              [t('customers.class'), word(CustomerClass, customer.customer_class)],
              [t('customers.station'), customer.station_name],
              [t('customers.area'), customer.area_name],
              [t('customers.pole'), customer.pole_number ?? '–'],
              [
                t('customers.arrears'),
                <span className={customer.arrears_fen > 0 ? 'tone-soon' : ''}>
                  {money(customer.arrears_fen)}
                </span>,
              ],
            ]}
          />
        </Panel>
        <Bills customer={customer} />
      </div>
      <div className="col" style={{ gap: 12 }}>
        <Meters customer={customer} />
        <Codes customer={customer} />
        <Panel title={t('customers.detail_orders')} isFlush>
          {customer.orders.length === 0 ? (
            <p className="muted panel-body">{t('customers.no_order')}</p>
          ) : (
            <Orders orders={customer.orders} />
          )}
        </Panel>
      </div>
    </div>
  );
}

function Meters({ customer }: { customer: CustomerDetail }) {
  const { t } = useText();
  return (
    <Panel title={t('customers.detail_meters')}>
      {customer.meters.length === 0 ? (
        <p className="tone-soon">{t('customers.no_meter')}</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t('customers.meters')}</th>
              <th>{t('customers.meter_state')}</th>
              <th className="num">{t('customers.phases')}</th>
              <th className="num">{t('customers.multiplier')}</th>
              <th className="num">{t('customers.last_reading')}</th>
              <th>{t('customers.last_read_at')}</th>
            </tr>
          </thead>
          <tbody>
            {customer.meters.map((meter) => (
              <tr key={meter.id}>
                <td className="mono">{meter.meter_number}</td>
                <td>
                  {t(meter.state === 'installed' ? 'customers.meter_installed' : 'customers.meter_removed')}
                </td>
                <td className="num">{meter.phases}</td>
                <td className="num">{meter.multiplier}</td>
                <td className="num">
                  {meter.last_reading_wh === null ? '–' : energyKwh(meter.last_reading_wh)}
                </td>
                <td className="nowrap">
                  {meter.last_read_at_ms === null ? '–' : dateTime(meter.last_read_at_ms)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Bills({ customer }: { customer: CustomerDetail }) {
  const { t } = useText();
  return (
    <Panel title={t('customers.detail_bills')}>
      {customer.bills.length === 0 ? (
        <p className="muted">{t('customers.no_bill')}</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t('customers.bill_month')}</th>
              <th className="num">{t('customers.bill_amount')}</th>
              <th>{t('customers.bill_due')}</th>
              <th>{t('customers.bill_paid')}</th>
            </tr>
          </thead>
          <tbody>
            {customer.bills.map((bill) => (
              <tr key={bill.bill_month}>
                <td>{monthKey(bill.bill_month)}</td>
                <td className="num">{money(bill.amount_fen)}</td>
                <td>{dayKey(bill.due_on)}</td>
                <td>
                  {bill.paid_at_ms === null ? (
                    <span className="tone-soon">{t('customers.bill_unpaid')}</span>
                  ) : (
                    day(bill.paid_at_ms)
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Codes({ customer }: { customer: CustomerDetail }) {
  const { t, word } = useText();
  const meters = new Map(customer.meters.map((meter) => [meter.id, meter.meter_number]));
  return (
    <Panel title={t('customers.detail_codes')}>
      {customer.labels.length === 0 ? (
        <p className="muted">{t('customers.no_code')}</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t('labels.kind')}</th>
              <th>{t('labels.number')}</th>
              <th className="num">{t('labels.revision')}</th>
              <th>{t('labels.state')}</th>
              <th>{t('customers.code_issued')}</th>
              <th aria-label={t('labels.one')} />
            </tr>
          </thead>
          <tbody>
            {customer.labels.map((label) => (
              <tr key={label.id}>
                <td className="nowrap">{word(LabelKind, label.kind)}</td>
                <td className="mono nowrap">{meters.get(label.meter_id ?? '') ?? customer.account_number}</td>
                <td className="num">{label.revision}</td>
                <td className="nowrap">
                  <LabelState state={label.state} />
                </td>
                <td className="nowrap">{day(label.issued_at_ms)}</td>
                <td className="nowrap">
                  <Link to={paths.label(label.id)}>{t('labels.open')}</Link>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function Orders({ orders }: { orders: CustomerDetail['orders'] }) {
  const { word } = useText();
  return (
    <ul className="order-lines">
      {orders.map((order) => (
        <li key={order.id}>
          <Link to={paths.order(order.id)}>
            <KindGlyph kind={order.kind} />
            <span className="mono nowrap">{order.order_number}</span>
            <StateTag state={order.state} />
            <span className="clip grow">{word(OrderKind, order.kind)}</span>
            <span className="muted nowrap">{dateTime(order.taken_in_at_ms)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
