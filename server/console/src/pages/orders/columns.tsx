// Columns of order lists, shared by the order list, review and call-back.
import type { ColumnsType } from 'antd/es/table';
import type { OrderSummary } from '@/api/contract';
import { MaskedText } from '@/components/Masked';
import { CountDown, nextDue, ShortTime } from '@/components/Time';
import { KindName, StateTag, UrgencyMark } from '@/components/Words';
import { useText } from '@/i18n';
import { IntakeSource, OrderKind, OrderState } from '@/i18n/words.gen';
import { withoutLabel } from '@/util/content';
import { dateTime, money } from '@/util/format';

export type OrderColumn =
  | 'number'
  | 'kind'
  | 'state'
  | 'deadline'
  | 'content'
  | 'customer'
  | 'place'
  | 'assignee'
  | 'taken_in'
  | 'submitted_at'
  | 'source'
  | 'evidence'
  | 'cost';

export function EvidenceCount({ order }: { order: { evidence_arrived: number; evidence_expected: number } }) {
  const { evidence_arrived: arrived, evidence_expected: expected } = order;
  if (expected === 0) return <span className="faint">–</span>;
  return <span className={arrived < expected ? 'tone-soon' : ''}>{`${arrived}/${expected}`}</span>;
}

/** The chosen columns, in the order they are named. */
export function useOrderColumns(names: readonly OrderColumn[]): ColumnsType<OrderSummary> {
  const { t, word } = useText();
  const all: Record<OrderColumn, ColumnsType<OrderSummary>[number]> = {
    number: {
      width: 144,
      fixed: 'start',
      render: (_, order) => <span className="mono">{order.order_number}</span>,
    },
    kind: { width: 142, render: (_, order) => <KindName kind={order.kind} /> },
    state: { width: 100, render: (_, order) => <StateTag state={order.state} /> },
    deadline: { width: 126, render: (_, order) => <CountDown order={order} /> },
    content: {
      width: 182,
      ellipsis: true,
      render: (_, order) => (
        <span className="row" title={order.content}>
          <UrgencyMark urgency={order.urgency} />
          <span className="clip">{withoutLabel(order.content)}</span>
        </span>
      ),
    },
    customer: {
      width: 88,
      ellipsis: true,
      render: (_, order) => <MaskedText text={order.account_name} />,
    },
    place: {
      width: 146,
      ellipsis: true,
      render: (_, order) => (
        <span className="clip" title={order.address ?? undefined}>
          {order.area_name ?? '–'} <span className="faint">{order.address}</span>
        </span>
      ),
    },
    assignee: {
      width: 84,
      ellipsis: true,
      render: (_, order) => order.assignee_name ?? <span className="faint">{t('orders.unassigned')}</span>,
    },
    taken_in: { width: 94, render: (_, order) => <ShortTime ms={order.taken_in_at_ms} /> },
    submitted_at: { width: 104, render: (_, order) => <ShortTime ms={order.submitted_at_ms} /> },
    source: { width: 96, render: (_, order) => word(IntakeSource, order.source) },
    evidence: { width: 72, align: 'right', render: (_, order) => <EvidenceCount order={order} /> },
    cost: {
      width: 100,
      align: 'right',
      render: (_, order) =>
        order.total_fen === null ? <span className="faint">–</span> : money(order.total_fen),
    },
  };
  // A cell is drawn again only when its order changed: scrolling through thousands costs no rendering. What
  // moves by itself (count-downs) listens to the clock.
  return names.map((name) => ({
    ...all[name],
    key: name,
    title: t(`orders.${name}`),
    shouldCellUpdate: (order, before) => order !== before,
  }));
}

type Word = (table: Readonly<Record<string, readonly [string, string]>>, value: string) => string;

/** The cell as text, for export: times in full, money as a number. */
export function cellText(order: OrderSummary, name: OrderColumn, word: Word): string | null {
  const at = (ms: number | null) => (ms === null ? null : dateTime(ms));
  switch (name) {
    case 'number':
      return order.order_number;
    case 'kind':
      return word(OrderKind, order.kind);
    case 'state':
      return word(OrderState, order.state);
    case 'deadline':
      return at(nextDue(order));
    case 'content':
      return order.content;
    case 'customer':
      return order.account_name;
    case 'place':
      return `${order.area_name ?? ''} ${order.address ?? ''}`.trim();
    case 'assignee':
      return order.assignee_name;
    case 'taken_in':
      return at(order.taken_in_at_ms);
    case 'submitted_at':
      return at(order.submitted_at_ms);
    case 'source':
      return word(IntakeSource, order.source);
    case 'evidence':
      return `${order.evidence_arrived}/${order.evidence_expected}`;
    case 'cost':
      return order.total_fen === null ? null : money(order.total_fen);
  }
}
