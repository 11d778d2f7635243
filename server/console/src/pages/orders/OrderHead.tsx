// The head of an order: number, kind, state, count-down with its promise, customer, person.
import { Popover } from 'antd';
import type { OrderDetail } from '@/api/contract';
import { Facts } from '@/components/Page';
import { CountDown, nextDue, ShortTime } from '@/components/Time';
import { KindGlyph, StateTag, UrgencyMark } from '@/components/Words';
import { useText } from '@/i18n';
import { OrderKind } from '@/i18n/words.gen';
import { dateTime } from '@/util/format';

export function OrderHead({ order }: { order: OrderDetail }) {
  const { t, word, isChinese } = useText();
  const due = nextDue(order);
  const promise = isChinese ? order.promise : order.promise_en;
  // The stored sentence is that of the earlier deadline; the later one is told by its time.
  const earlier = Math.min(order.arrive_due_at_ms ?? Infinity, order.due_at_ms ?? Infinity);
  const told = due === null || due === earlier ? promise : t('order.due_by', { at: dateTime(due) });
  return (
    <section className="panel order-head">
      <KindGlyph kind={order.kind} isLarge />
      <div className="order-head-name">
        <div className="row wrap">
          <strong className="order-head-kind">{word(OrderKind, order.kind)}</strong>
          <StateTag state={order.state} />
          <UrgencyMark urgency={order.urgency} />
        </div>
        <div className="muted clip">
          {order.station_name ?? ''} {order.area_name ?? ''}
        </div>
      </div>
      <Popover
        trigger="click"
        title={t('order.promise_title')}
        content={
          <Facts
            items={[
              [t('orders.deadline'), promise ?? t('orders.no_deadline')],
              [
                t('order.promise_arrive'),
                order.arrive_due_at_ms === null ? '–' : dateTime(order.arrive_due_at_ms),
              ],
              [t('order.promise_complete'), order.due_at_ms === null ? '–' : dateTime(order.due_at_ms)],
              [t('order.taken_in'), dateTime(order.taken_in_at_ms)],
            ]}
          />
        }
      >
        <button type="button" className="order-head-due">
          <span className="order-head-figure">
            <CountDown order={order} />
          </span>
          <span className="faint clip">{told ?? (due === null ? '' : dateTime(due))}</span>
        </button>
      </Popover>
      <dl className="order-head-facts">
        <div>
          <dt>{t('order.who')}</dt>
          <dd>{order.assignee_name ?? <span className="tone-soon">{t('orders.unassigned')}</span>}</dd>
        </div>
        <div>
          <dt>{t('order.taken_in')}</dt>
          <dd>
            <ShortTime ms={order.taken_in_at_ms} />
          </dd>
        </div>
        <div>
          <dt>{t('order.evidence')}</dt>
          <dd>
            {order.evidence_arrived}/{order.evidence_expected}
          </dd>
        </div>
      </dl>
    </section>
  );
}
