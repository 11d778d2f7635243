// The live line: one EventSource on /v1/events for the whole console. Notices invalidate cached
// answers (collected for a moment, so that a storm of changes is one refetch); the browser resumes by
// last-event-id itself. Pages never open their own line.
import type { Query, QueryClient } from '@tanstack/react-query';
import { serverNowMs } from './client';
import { keys } from './keys';

export interface LiveState {
  isConnected: boolean;
  /** Server time of the last sign of life; how old the picture on the screen is. */
  heardAtMs: number;
}

export type OrderNotice = { id: string; version: number; state: string; urgency: string };

const GATHER_MS = 400;
const RETRY_MS = 4000;
/** A list with more pages than this is read again as a whole only now and then: in a storm every notice would
 *  otherwise fetch all its pages. Its rows still show the new state at once. */
const LONG_PAGES = 3;
const LONG_REST_MS = 15_000;

let state: LiveState = { isConnected: true, heardAtMs: 0 };
const listeners = new Set<() => void>();
const changed = new Map<string, number>();
const orderListeners = new Set<(notice: OrderNotice) => void>();

function publish(next: LiveState): void {
  state = next;
  for (const listener of listeners) listener();
}

export function subscribeLive(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export const liveState = (): LiveState => state;

/** Tells every change of an order as it comes in. */
export function subscribeOrders(listener: (notice: OrderNotice) => void): () => void {
  orderListeners.add(listener);
  return () => orderListeners.delete(listener);
}

/** Whether the order changed a moment ago: its row glows once. */
export function changedRecently(orderId: string, nowMs: number): boolean {
  const at = changed.get(orderId);
  return at !== undefined && nowMs - at < 2500;
}

function orderNotice(data: string): OrderNotice | null {
  try {
    return JSON.parse(data) as OrderNotice;
  } catch {
    return null;
  }
}

/** What a notice makes stale: prefixes of query keys. */
export function staleKeys(event: string, data: string): readonly (readonly unknown[])[] {
  if (event === 'reset') return [[]];
  let notice: unknown;
  try {
    notice = JSON.parse(data);
  } catch {
    return [[]];
  }
  if (event === 'order') {
    const { id } = notice as OrderNotice;
    return [keys.orders, keys.order(id), ['candidates'], keys.overview];
  }
  if (event === 'list') {
    const { name } = notice as { name: string };
    return [[name], keys.overview];
  }
  return [];
}

interface Pages {
  pages: { work_orders?: { id: string; state: string; urgency: string }[] }[];
}

/** Whether a cached answer is a list of many pages. */
export function isLong(query: Pick<Query, 'state'>): boolean {
  const pages = (query.state.data as Partial<Pages> | undefined)?.pages;
  return Array.isArray(pages) && pages.length > LONG_PAGES;
}

/** The list with the changed rows in their new state. The version stays: a command on what was read before is
 *  refused and the row read again, never given unseen. */
export function withNotices<D>(data: D, notices: ReadonlyMap<string, Omit<OrderNotice, 'id'>>): D {
  const { pages } = (data ?? {}) as Partial<Pages>;
  if (!Array.isArray(pages)) return data;
  let isChanged = false;
  const next = pages.map((page) => {
    if (page.work_orders?.some((row) => notices.has(row.id)) !== true) return page;
    isChanged = true;
    const work_orders = page.work_orders.map((row) => {
      const notice = notices.get(row.id);
      return notice === undefined ? row : { ...row, state: notice.state, urgency: notice.urgency };
    });
    return { ...page, work_orders };
  });
  return isChanged ? { ...data, pages: next } : data;
}

/** Opens the line; returns the function that closes it. */
export function openLive(client: QueryClient): () => void {
  let source: EventSource | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let isClosed = false;
  let longTimer: ReturnType<typeof setTimeout> | undefined;
  const waiting = new Map<string, readonly unknown[]>();
  const notices = new Map<string, OrderNotice>();

  const flushLong = () => {
    longTimer = undefined;
    void client.invalidateQueries({ queryKey: keys.orders, predicate: isLong });
  };
  const flush = () => {
    timer = undefined;
    for (const key of waiting.values())
      void client.invalidateQueries({ queryKey: key, predicate: (query) => !isLong(query) });
    const long = client.getQueryCache().findAll({ queryKey: keys.orders, predicate: isLong });
    if (notices.size > 0) {
      for (const query of long) client.setQueryData(query.queryKey, (data) => withNotices(data, notices));
      if (long.length > 0) longTimer ??= setTimeout(flushLong, LONG_REST_MS);
    }
    waiting.clear();
    notices.clear();
  };
  const heard = () => publish({ isConnected: true, heardAtMs: serverNowMs() });
  const onNotice = (event: MessageEvent<string>) => {
    heard();
    const notice = event.type === 'order' ? orderNotice(event.data) : null;
    if (notice !== null) {
      changed.set(notice.id, serverNowMs());
      notices.set(notice.id, notice);
      for (const listener of orderListeners) listener(notice);
    }
    for (const key of staleKeys(event.type, event.data)) waiting.set(JSON.stringify(key), key);
    timer ??= setTimeout(flush, GATHER_MS);
  };
  const open = () => {
    if (isClosed) return;
    source = new EventSource('/v1/events');
    let wasDown = !state.isConnected;
    source.onopen = () => {
      heard();
      if (wasDown) void client.invalidateQueries();
      wasDown = false;
    };
    source.onerror = () => {
      publish({ ...state, isConnected: false });
      wasDown = true;
      if (source?.readyState === EventSource.CLOSED) {
        clearTimeout(reopen);
        reopen = setTimeout(open, RETRY_MS);
      }
    };
    for (const name of ['order', 'list', 'scope', 'reset']) source.addEventListener(name, onNotice);
  };
  open();
  return () => {
    isClosed = true;
    clearTimeout(timer);
    clearTimeout(longTimer);
    clearTimeout(reopen);
    source?.close();
  };
}
