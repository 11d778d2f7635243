// What was asked, for whom, where.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { OrderDetail, Personal } from '@/api/contract';
import { useMay } from '@/app/session';
import { Decision, wordsOf } from '@/components/Decision';
import { Highlighted } from '@/components/Highlighted';
import { MaskedText, UnmaskButton } from '@/components/Masked';
import { Facts, Panel } from '@/components/Page';
import { useText } from '@/i18n';
import { IntakeSource, Proof, Satisfaction } from '@/i18n/words.gen';
import { dateTime } from '@/util/format';
import { paths } from '@/util/paths';
import { subtypeName } from '@/util/subtypes';

export function RequestPanel({ order }: { order: OrderDetail }) {
  const { t, word, isChinese } = useText();
  const facts: [string, ReactNode][] = [[t('order.source'), word(IntakeSource, order.source)]];
  if (order.subtype !== '') facts.push([t('order.subtype'), subtypeName(order.subtype, isChinese)]);
  if (order.appointment_at_ms !== null)
    facts.push([t('order.appointment'), dateTime(order.appointment_at_ms)]);
  if (order.dispatch_note !== null) facts.push([t('order.dispatch_note'), order.dispatch_note]);
  if (order.reason !== null)
    facts.push([t('order.last_reason'), <span className="tone-soon">{order.reason}</span>]);
  if (order.place_proof !== null) facts.push([t('order.place_proof'), word(Proof, order.place_proof)]);
  if (order.consent_proof !== null) facts.push([t('order.consent_proof'), word(Proof, order.consent_proof)]);
  if (order.satisfaction !== null)
    facts.push([t('order.satisfaction'), word(Satisfaction, order.satisfaction)]);
  return (
    <Panel title={t('order.request')}>
      <p className="order-content">
        <Highlighted text={order.content} words={wordsOf(order.match_detail)} />
      </p>
      <Facts items={facts} />
      <details className="why">
        <summary>{t('order.template_title')}</summary>
        <Decision decision={order.match_detail} />
      </details>
    </Panel>
  );
}

interface CustomerProps {
  order: OrderDetail;
  personal: Personal | null;
  onUnmask: ((reason: string) => Promise<void>) | null;
}

export function CustomerPanel({ order, personal, onUnmask }: CustomerProps) {
  const { t } = useText();
  const may = useMay();
  const account =
    order.customer_id !== null && order.account_number !== null && may('read_customers') ? (
      <Link to={paths.customer(order.customer_id)}>{order.account_number}</Link>
    ) : (
      (order.account_number ?? '–')
    );
  return (
    <Panel
      title={t('order.customer')}
      tools={onUnmask !== null && personal === null ? <UnmaskButton onReason={onUnmask} /> : undefined}
    >
      <Facts
        items={[
          [t('order.account_number'), <span className="mono">{account}</span>],
          [t('order.account_name'), <MaskedText text={personal?.account_name ?? order.account_name} />],
          [t('order.contact_phone'), <MaskedText text={personal?.contact_phone ?? order.contact_phone} />],
          [t('order.address'), personal?.address ?? order.address ?? '–'],
        ]}
      />
    </Panel>
  );
}

export function PlacePanel({ order }: { order: OrderDetail }) {
  const { t } = useText();
  const { place } = order;
  const coordinates =
    place === null
      ? '–'
      : `${(place.latitude_e6 / 1e6).toFixed(5)}, ${(place.longitude_e6 / 1e6).toFixed(5)}`;
  return (
    <Panel title={t('order.where')}>
      <Facts
        items={[
          [t('order.station'), order.station_name ?? '–'],
          [t('order.area'), order.area_name ?? '–'],
          [t('order.meter_number'), <span className="mono">{order.meter_number ?? '–'}</span>],
          [t('order.pole_number'), order.pole_number ?? '–'],
          [t('order.coordinates'), <span className="mono">{coordinates}</span>],
        ]}
      />
    </Panel>
  );
}
