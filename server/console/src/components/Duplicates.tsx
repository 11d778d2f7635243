// Before a draft is sent out: open orders that may be the same matter, with the reason for each.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { OrderDetail } from '@/api/contract';
import { keys } from '@/api/keys';
import { listOrders } from '@/api/orders';
import { useText } from '@/i18n';
import { withoutLabel } from '@/util/content';
import { likely, NEAR_HOURS } from '@/util/duplicates';
import { paths } from '@/util/paths';
import { ShortTime } from './Time';
import { KindGlyph, StateTag } from './Words';

const SHOWN = 4;
const READ = 30;

type Draft = Pick<OrderDetail, 'id' | 'kind' | 'state' | 'account_number' | 'area_id' | 'taken_in_at_ms'>;

async function alike(order: Draft, signal: AbortSignal) {
  const { account_number, area_id, kind } = order;
  const [ofCustomer, ofArea] = await Promise.all([
    account_number === null ? null : listOrders({ is_open: true, q: account_number }, null, signal, READ),
    area_id === null
      ? null
      : listOrders({ is_open: true, area_id, kind, sort: 'taken_in' }, null, signal, READ),
  ]);
  return likely(order, [...(ofCustomer?.work_orders ?? []), ...(ofArea?.work_orders ?? [])]);
}

export function Duplicates({ order }: { order: Draft }) {
  const { t } = useText();
  const query = useQuery({
    queryKey: [...keys.orders, 'alike', order.id],
    queryFn: ({ signal }) => alike(order, signal),
    enabled: order.state === 'draft',
  });
  const found = query.data ?? [];
  if (order.state !== 'draft' || found.length === 0) return null;
  return (
    <section className="duplicates" aria-label={t('duplicates.title')}>
      <strong>
        {t('duplicates.title')}（{found.length}）
      </strong>
      <ul>
        {found.slice(0, SHOWN).map(({ order: other, why }) => (
          <li key={other.id}>
            <KindGlyph kind={other.kind} />
            <Link className="mono nowrap" to={paths.order(other.id)}>
              {other.order_number}
            </Link>
            <StateTag state={other.state} />
            <span className="clip grow" title={other.content}>
              {withoutLabel(other.content)}
            </span>
            <span className="nowrap faint">
              <ShortTime ms={other.taken_in_at_ms} />
            </span>
            <span className="nowrap tone-soon">{t(`duplicates.${why}`, { hours: NEAR_HOURS })}</span>
          </li>
        ))}
      </ul>
      {found.length > SHOWN && order.area_id !== null && (
        <Link to={`${paths.orders}?tab=open&area_id=${order.area_id}`}>{t('duplicates.more')}</Link>
      )}
      <span className="faint">{t('duplicates.note')}</span>
    </section>
  );
}
