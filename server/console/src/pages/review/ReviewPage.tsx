// The reviewer's desk: the queue by time limit on the left, everything to judge on the right, A and R.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Skeleton } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { OrderDetail, ReviewItem } from '@/api/contract';
import { keys } from '@/api/keys';
import { listReviews, readOrder, type Waiting } from '@/api/orders';
import { Empty } from '@/components/Empty';
import { CARD_ROW_HEIGHT, OrderCardRow } from '@/components/OrderCardRow';
import { Page } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { StatusTabs } from '@/components/StatusTabs';
import { DueBar } from '@/components/Time';
import { VirtualList } from '@/components/VirtualList';
import { useKeys } from '@/hooks/useKeys';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import type { Command } from '@/i18n/words.gen';
import { ActionDrawer } from '@/pages/orders/ActionDrawer';
import { EvidenceCount } from '@/pages/orders/columns';
import { useOrderActions } from '@/pages/orders/useOrderActions';
import { orderCan } from '@/util/orderCan';
import { paths } from '@/util/paths';
import { ReviewDesk } from './ReviewDesk';
import { useHeldVerdict } from './useHeldVerdict';

export default function ReviewPage() {
  const { t } = useText();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { give, tell } = useOrderActions();
  const [params, setParams] = useSearchParams();
  const [drawer, setDrawer] = useState<Command | null>(null);
  const currentId = params.get('order');
  const waiting: Waiting = params.get('waiting') === 'evidence' ? 'evidence' : 'review';
  const choose = useCallback(
    (id: string) => setParams({ waiting, order: id }, { replace: true }),
    [setParams, waiting],
  );

  const paged = usePaged({
    queryKey: [...keys.reviews, waiting],
    fetchPage: (cursor) => listReviews(waiting, cursor),
    rowsOf: (page) => page.work_orders,
  });
  const { hidden, hold, undo } = useHeldVerdict(async (held) => {
    try {
      await giveVerdict(held);
    } catch (thrown) {
      tell(thrown);
    }
  });
  const rows = paged.rows.filter((row) => !hidden.has(row.id));
  const first = rows[0]?.id;
  useEffect(() => {
    if (currentId === null && first !== undefined) choose(first);
  }, [currentId, first, choose]);
  const detail = useQuery({
    queryKey: keys.order(currentId ?? ''),
    queryFn: () => readOrder(currentId ?? ''),
    enabled: currentId !== null,
  });
  const order = detail.data;

  const next = (done: { id: string }) => {
    const at = rows.findIndex((row) => row.id === done.id);
    const row = rows[at + 1] ?? rows[at - 1];
    if (row === undefined) setParams({ waiting }, { replace: true });
    else choose(row.id);
  };
  /** Approve, and archive in the same breath when nothing is missing. */
  const giveVerdict = async (held: OrderDetail) => {
    let done = held;
    if (orderCan(done, 'approve')) done = await give(done, 'approve');
    const isDone = orderCan(done, 'archive');
    if (isDone) done = await give(done, 'archive');
    const told = t(isDone ? 'review.done_archive' : 'review.done_approve');
    void message.success(`${done.order_number} ${told}`);
    await client.refetchQueries({ queryKey: keys.reviews });
  };
  const takeBack = () => {
    const order = undo();
    if (order !== null) choose(order.id);
  };
  const approve = () => {
    if (order === undefined || hidden.has(order.id)) return;
    if (!orderCan(order, 'approve') && !orderCan(order, 'archive')) return;
    hold(order, takeBack);
    next(order);
  };
  const reject = () => {
    if (order !== undefined && orderCan(order, 'reject')) setDrawer('reject');
  };
  useKeys({
    a: approve,
    z: takeBack,
    r: reject,
    Enter: () => currentId !== null && void navigate(paths.order(currentId)),
  });

  return (
    <Page
      isFixed
      title={t('review.title')}
      tools={<span className="faint hide-narrow">{t('review.hint')}</span>}
    >
      {paged.problem !== null && <Problem problem={paged.problem} onRetry={paged.reload} />}
      <div className="desk">
        <section className="panel board-pane">
          <StatusTabs
            label={t('review.queue')}
            active={waiting}
            tabs={[
              { key: 'review', label: t('review.queue') },
              { key: 'evidence', label: t('review.queue_evidence') },
            ]}
            onChange={(next) => setParams({ waiting: next }, { replace: true })}
          />
          {paged.isLoading && (
            <div className="panel-body">
              <Skeleton active title={false} paragraph={{ rows: 8 }} />
            </div>
          )}
          {!paged.isLoading && rows.length === 0 && (
            <Empty title={t('review.empty')} note={t('review.empty_note')} />
          )}
          <VirtualList
            label={t('review.queue')}
            rows={rows}
            rowHeight={CARD_ROW_HEIGHT}
            currentId={currentId}
            onCurrent={(row) => choose(row.id)}
            onEnd={paged.loadMore}
            render={(row) => (
              <OrderCardRow
                order={row}
                due={<ReviewDue item={row} />}
                side={
                  <span className="faint clip">
                    {row.assignee_name} · <EvidenceCount order={row} />
                  </span>
                }
              />
            )}
          />
        </section>
        <section className="panel board-pane">
          {detail.error !== null && <Problem problem={detail.error} onRetry={() => void detail.refetch()} />}
          {order === undefined ? (
            <Empty title={t('review.title')} note={t('review.pick')} />
          ) : (
            <ReviewDesk
              order={order}
              attention={paged.rows.find((row) => row.id === order.id)?.attention ?? []}
              isBusy={hidden.has(order.id)}
              onApprove={approve}
              onReject={reject}
              onWaive={() => setDrawer('waive_evidence')}
            />
          )}
        </section>
      </div>
      {drawer !== null && order !== undefined && (
        <ActionDrawer
          order={order}
          command={drawer}
          onClose={() => setDrawer(null)}
          onDone={(done) => {
            if (drawer !== 'reject') return;
            void message.success(t('review.done_reject', { name: order.assignee_name ?? '' }));
            next(done);
          }}
        />
      )}
    </Page>
  );
}

/** The reviewer's own limit: counted from the submission. */
function ReviewDue({ item }: { item: ReviewItem }) {
  const level = item.is_review_overdue ? 4 : 0;
  return (
    <DueBar
      fromMs={item.submitted_at_ms ?? item.taken_in_at_ms}
      dueAtMs={item.review_due_at_ms}
      warnLevel={level}
    />
  );
}
