// The left of the board: what waits, in four groups, the most pressing first.
import { Skeleton, Switch } from 'antd';
import type { OrderCounts, OrderQuery, OrderSummary } from '@/api/contract';
import { Empty } from '@/components/Empty';
import { CARD_ROW_HEIGHT, OrderCardRow } from '@/components/OrderCardRow';
import { Problem } from '@/components/Problem';
import { StatusTabs } from '@/components/StatusTabs';
import { VirtualList } from '@/components/VirtualList';
import type { Paged } from '@/hooks/usePaged';
import { useText } from '@/i18n';

export type Group = 'unassigned' | 'soon' | 'overdue' | 'rejected';

export const GROUP_QUERY: Record<Group, OrderQuery> = {
  unassigned: { state: 'draft', sort: 'due' },
  soon: { is_open: true, soon: true, sort: 'due' },
  overdue: { is_open: true, overdue: true, sort: 'due' },
  rejected: { state: 'rejected', sort: 'due' },
};

/** Danger to life goes before every deadline: read apart, so that it stands on top however long the queue is. */
export const HAZARD_QUERY: OrderQuery = { state: 'draft', urgency: 'hazard', sort: 'due' };

export function withHazardsFirst<O extends { id: string }>(
  rows: O[],
  group: Group,
  hazards: readonly O[] | undefined,
): O[] {
  if (group !== 'unassigned' || hazards === undefined || hazards.length === 0) return rows;
  const ids = new Set(hazards.map((order) => order.id));
  return [...hazards, ...rows.filter((order) => !ids.has(order.id))];
}

export function isGroup(value: string | null): value is Group {
  return value !== null && value in GROUP_QUERY;
}

interface Props {
  isStorm: boolean;
  /** How many orders of the same area wait, in storm mode. */
  sameArea: ReadonlyMap<string, number>;
  onStorm: (isStorm: boolean) => void;
  group: Group;
  counts: OrderCounts | undefined;
  paged: Paged<OrderSummary>;
  currentId: string | null;
  onGroup: (group: Group) => void;
  onCurrent: (order: OrderSummary) => void;
}

export function Queue(props: Props) {
  const { isStorm, sameArea, onStorm, group, counts, paged, currentId, onGroup, onCurrent } = props;
  const { t } = useText();
  const tabs = [
    { key: 'unassigned' as const, label: t('dispatch.group_unassigned'), count: counts?.unassigned },
    { key: 'soon' as const, label: t('dispatch.group_soon'), count: counts?.soon },
    { key: 'overdue' as const, label: t('dispatch.group_overdue'), count: counts?.overdue, isLate: true },
    { key: 'rejected' as const, label: t('dispatch.group_rejected'), count: counts?.by_state.rejected ?? 0 },
  ];
  return (
    <section className="panel board-pane">
      <StatusTabs tabs={tabs} active={group} label={t('dispatch.queue')} onChange={onGroup} />
      <label className="board-storm" htmlFor="storm" title={t('dispatch.storm_note')}>
        <Switch id="storm" size="small" checked={isStorm} onChange={onStorm} />
        <span className="grow">{t('dispatch.storm')}</span>
        <kbd>G</kbd>
      </label>
      {paged.problem !== null && <Problem problem={paged.problem} onRetry={paged.reload} />}
      {paged.isLoading ? (
        <div className="panel-body">
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        </div>
      ) : paged.rows.length === 0 ? (
        <Empty
          title={t(group === 'unassigned' ? 'dispatch.queue_empty' : 'dispatch.queue_empty_group')}
          note={t('dispatch.queue_empty_note')}
        />
      ) : (
        <VirtualList
          label={t('dispatch.queue')}
          rows={paged.rows}
          rowHeight={CARD_ROW_HEIGHT}
          currentId={currentId}
          onCurrent={onCurrent}
          onEnd={paged.loadMore}
          dragValue={(order) => order.id}
          render={(order) => (
            <OrderCardRow order={order} mark={<SameArea count={sameArea.get(order.id)} />} />
          )}
        />
      )}
    </section>
  );
}

function SameArea({ count }: { count: number | undefined }) {
  const { t } = useText();
  if (count === undefined) return null;
  return <span className="same-area">{t('dispatch.same_area', { count })}</span>;
}
