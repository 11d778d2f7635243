// The dispatch board: queue, people, candidates on one screen. Enter sends the best; ten seconds to undo.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { Candidate, OrderDetail, OrderSummary } from '@/api/contract';
import { keys } from '@/api/keys';
import { countOrders, type DispatchMode, listCandidates, listOrders, readOrder } from '@/api/orders';
import { Page } from '@/components/Page';
import { useKeys } from '@/hooks/useKeys';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { ActionDrawer } from '@/pages/orders/ActionDrawer';
import { useOrderActions } from '@/pages/orders/useOrderActions';
import { orderCan } from '@/util/orderCan';
import { gather } from '@/util/storm';
import { Candidates } from './Candidates';
import { People } from './People';
import { GROUP_QUERY, type Group, HAZARD_QUERY, isGroup, Queue, withHazardsFirst } from './Queue';

/** So many orders are gathered at most; the rest follows as somebody scrolls. */
const MOST_GATHERED = 1000;
const NOBODY: ReadonlyMap<string, number> = new Map();

export default function DispatchPage() {
  const { t } = useText();
  const [params, setParams] = useSearchParams();
  const { give, tell, offerUndo } = useOrderActions();
  const [mode, setMode] = useState<DispatchMode>('nearest');
  const [isBusy, setBusy] = useState(false);
  const [reassign, setReassign] = useState<string | null>(null);
  const wanted = params.get('group');
  const group: Group = isGroup(wanted) ? wanted : 'unassigned';
  const currentId = params.get('order');

  const counts = useQuery({ queryKey: keys.orderCounts, queryFn: countOrders }).data;
  const paged = usePaged({
    queryKey: keys.orderList({ board: group }),
    fetchPage: (cursor, signal) => listOrders(GROUP_QUERY[group], cursor, signal),
    rowsOf: (page) => page.work_orders,
  });
  const hazards = useQuery({
    queryKey: keys.orderList({ board: 'hazard' }),
    queryFn: ({ signal }) => listOrders(HAZARD_QUERY, null, signal),
    enabled: group === 'unassigned',
  });
  const isStorm = params.get('storm') === '1';
  const queued = withHazardsFirst(paged.rows, group, hazards.data?.work_orders);
  const { rows, sameArea } = useMemo(
    () => (isStorm ? gather(queued) : { rows: queued, sameArea: NOBODY }),
    [isStorm, queued],
  );
  const listed = { ...paged, rows };
  const { hasMore, isLoadingMore, loadMore } = paged;
  // Areas are gathered out of the whole queue, not out of its first page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: loadMore is new with every render
  useEffect(() => {
    if (isStorm && hasMore && !isLoadingMore && queued.length < MOST_GATHERED) loadMore();
  }, [isStorm, hasMore, isLoadingMore, queued.length]);
  const choose = (change: { order?: string | null; group?: Group; isStorm?: boolean }) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (change.group !== undefined) next.set('group', change.group);
        if (change.isStorm === true) next.set('storm', '1');
        else if (change.isStorm === false) next.delete('storm');
        if (change.order === null) next.delete('order');
        else if (change.order !== undefined) next.set('order', change.order);
        return next;
      },
      { replace: true },
    );
  const first = listed.rows[0]?.id;
  // Something is always chosen, so that Enter works at once.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list or the choice appears
  useEffect(() => {
    if (currentId === null && first !== undefined) choose({ order: first });
  }, [currentId, first]);

  const detail = useQuery({
    queryKey: keys.order(currentId ?? ''),
    queryFn: () => readOrder(currentId ?? ''),
    enabled: currentId !== null,
  });
  const candidates = useQuery({
    queryKey: keys.candidates(currentId ?? '', mode),
    queryFn: () => listCandidates(currentId ?? '', mode),
    enabled: currentId !== null,
  });
  const order = detail.data ?? null;
  const list = candidates.data?.candidates ?? [];
  const best = list.find((candidate) => candidate.is_eligible) ?? null;

  const sendNext = (done: OrderDetail) => {
    const at = listed.rows.findIndex((row) => row.id === done.id);
    const next = listed.rows[at + 1] ?? listed.rows[at - 1];
    choose({ order: next === undefined || next.id === done.id ? null : next.id });
  };
  const assign = async (target: OrderDetail | OrderSummary, staffId: string) => {
    if (isBusy) return;
    if (!orderCan(target, 'dispatch')) {
      if (orderCan(target, 'reassign')) setReassign(staffId);
      return;
    }
    setBusy(true);
    try {
      const done = await give(target, 'dispatch', { staff_id: staffId, mode });
      offerUndo(done);
      sendNext(done);
    } catch (thrown) {
      tell(thrown);
    } finally {
      setBusy(false);
    }
  };
  const assignBest = () => {
    if (order !== null && best !== null) void assign(order, best.staff_id);
  };
  const toStorm = (next: boolean) => choose({ isStorm: next, order: null });
  useKeys({
    Enter: assignBest,
    a: assignBest,
    g: () => toStorm(!isStorm),
    Escape: () => choose({ order: null }),
  });

  return (
    <Page
      isFixed
      title={t('dispatch.title')}
      tools={<span className="faint hide-narrow">{t('dispatch.hint')}</span>}
    >
      <div className="board">
        <Queue
          isStorm={isStorm}
          sameArea={sameArea}
          onStorm={toStorm}
          group={group}
          counts={counts}
          paged={listed}
          currentId={currentId}
          onGroup={(next) => choose({ group: next, order: null })}
          onCurrent={(row) => choose({ order: row.id })}
        />
        <People
          candidates={list}
          canDrop={order !== null}
          onDrop={(staffId) => order !== null && void assign(order, staffId)}
        />
        <Candidates
          order={order}
          candidates={list}
          best={best}
          sameArea={group === 'unassigned' ? (sameArea.get(currentId ?? '') ?? 1) : 1}
          mode={mode}
          isLoading={candidates.isLoading && currentId !== null}
          isBusy={isBusy}
          problem={detail.error ?? candidates.error}
          onMode={setMode}
          onAssign={(candidate: Candidate) => order !== null && void assign(order, candidate.staff_id)}
        />
      </div>
      {reassign !== null && order !== null && (
        <ActionDrawer
          order={order}
          command="reassign"
          staffId={reassign}
          onClose={() => setReassign(null)}
          onDone={sendNext}
        />
      )}
    </Page>
  );
}
