// A short list of orders as lines: overview, customer page, intake.
import { Link } from 'react-router';
import type { OrderSummary } from '@/api/contract';
import { withoutLabel } from '@/util/content';
import { paths } from '@/util/paths';
import { CountDown } from './Time';
import { KindGlyph, StateTag, UrgencyMark } from './Words';

export function OrderLines({ orders }: { orders: readonly OrderSummary[] }) {
  return (
    <ul className="order-lines">
      {orders.map((order) => (
        <li key={order.id}>
          <Link to={paths.order(order.id)}>
            <KindGlyph kind={order.kind} />
            <span className="mono nowrap">{order.order_number}</span>
            <StateTag state={order.state} />
            <UrgencyMark urgency={order.urgency} />
            <span className="clip grow" title={order.content}>
              {withoutLabel(order.content)}
            </span>
            <span className="muted nowrap">{order.assignee_name ?? ''}</span>
            <span className="order-lines-due">
              <CountDown order={order} hasBar={false} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
