// One order in a queue: two lines, the deadline on the right with its bar.
import type { OrderSummary } from '@/api/contract';
import { withoutLabel } from '@/util/content';
import { CountDown } from './Time';
import { KindGlyph, UrgencyMark } from './Words';

export const CARD_ROW_HEIGHT = 58;

interface Props {
  order: OrderSummary;
  /** Instead of the order's own count-down. */
  due?: React.ReactNode;
  side?: React.ReactNode;
  /** Before the text, after the urgency. */
  mark?: React.ReactNode;
}

export function OrderCardRow({ order, due, side, mark }: Props) {
  return (
    <div className="card-row">
      <KindGlyph kind={order.kind} />
      <div className="grow">
        <div className="row" style={{ gap: 6 }}>
          <UrgencyMark urgency={order.urgency} />
          {mark}
          <span className="clip" title={order.content}>
            {withoutLabel(order.content)}
          </span>
        </div>
        <div className="faint clip">
          <span className="mono">{order.order_number}</span> · {order.area_name ?? '–'} ·{' '}
          {order.account_name ?? '–'}
        </div>
      </div>
      <div className="card-row-side">
        {due ?? <CountDown order={order} />}
        {side ?? <span className="faint clip">{order.assignee_name ?? ''}</span>}
      </div>
    </div>
  );
}
