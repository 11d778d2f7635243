// Work orders: lists, one order, the commands of the lifecycle, personal data with a reason.
import { find, get, post, patch as send } from './client';
import type {
  Candidate,
  Meta,
  OrderCounts,
  OrderDetail,
  OrderQuery,
  OrderSummary,
  Personal,
  ReviewItem,
} from './contract';

export interface OrderPage {
  work_orders: OrderSummary[];
  meta: Meta;
}
export const PAGE_SIZE = 50;
/** Who scrolls on wants many: fewer round trips for a list of thousands. */
const NEXT_PAGE_SIZE = 200;

const path = (id: string, action?: string): string =>
  action === undefined ? `/v1/work_orders/${id}` : `/v1/work_orders/${id}/${action}`;

export const listOrders = (
  { q, ...query }: OrderQuery,
  cursor: string | null,
  signal?: AbortSignal,
  limit = cursor === null ? PAGE_SIZE : NEXT_PAGE_SIZE,
) => find<OrderPage>('/v1/work_orders', q, { ...query, limit, cursor }, signal);

export const countOrders = async (): Promise<OrderCounts> =>
  (await get<{ counts: OrderCounts }>('/v1/work_orders/counts')).counts;

export const readOrder = async (id: string): Promise<OrderDetail> =>
  (await get<{ work_order: OrderDetail }>(path(id))).work_order;

export interface ReviewPage {
  work_orders: ReviewItem[];
  meta: Meta;
}
/** `review`: to be judged; `evidence`: approved, waiting for the last files. */
export type Waiting = 'review' | 'evidence';
export const listReviews = (waiting: Waiting, cursor: string | null) =>
  get<ReviewPage>('/v1/reviews', { waiting, limit: PAGE_SIZE, cursor });

export const listCallbacksDue = (cursor: string | null) =>
  get<OrderPage>('/v1/callbacks/due', { limit: PAGE_SIZE, cursor });

export interface OrderChange {
  version: number;
  kind?: string;
  subtype?: string;
  urgency?: string;
  content?: string;
  contact_phone?: string;
  address?: string;
  pole_number?: string;
  appointment_at_ms?: number | null;
  dispatch_note?: string;
}
export const changeOrder = async (id: string, change: OrderChange): Promise<OrderDetail> =>
  (await send<{ work_order: OrderDetail }>(path(id), change)).work_order;

export type DispatchMode = 'nearest' | 'jurisdiction';

export const listCandidates = (id: string, mode: DispatchMode) =>
  get<{ candidates: Candidate[]; mode: string }>(path(id, 'candidates'), { mode });

/** Gives a command of the lifecycle. `fields` is what the command needs besides the version. */
export const act = async (
  order: { id: string; version: number },
  action: string,
  fields: Record<string, unknown> = {},
): Promise<OrderDetail> =>
  (await post<{ work_order: OrderDetail }>(path(order.id, action), { version: order.version, ...fields }))
    .work_order;

export const unmask = async (id: string, reason: string): Promise<Personal> =>
  (await post<{ personal: Personal }>(path(id, 'unmask'), { reason })).personal;

export const evidenceAddress = (sha256: string): string => `/v1/evidence/${sha256}`;
