// One command for many orders, one after the other: the load of a person changes with every order he gets, so
// the next choice must see the one before. Every order gets its own answer; a failure never stops the others.
import type { Command } from '@/i18n/words.gen';

export interface BulkTarget {
  id: string;
  order_number: string;
  version: number;
  allowed: readonly Command[];
}

export type Outcome<R> =
  | { kind: 'done'; result: R }
  | { kind: 'refused'; problem: unknown }
  /** Nobody fits: there was no one to send. */
  | { kind: 'nobody' }
  /** The lifecycle table does not allow it now; nothing was sent. */
  | { kind: 'not_allowed' }
  /** The person stopped before its turn. */
  | { kind: 'not_tried' };

export interface BulkRow<T extends BulkTarget, R> {
  order: T;
  outcome: Outcome<R> | null;
}

interface Options<T extends BulkTarget, R> {
  orders: readonly T[];
  command: Command;
  /** `null`: nobody fits. */
  give: (order: T) => Promise<R | null>;
  onProgress: (rows: readonly BulkRow<T, R>[]) => void;
  isStopped: () => boolean;
}

export async function runBulk<T extends BulkTarget, R>(options: Options<T, R>): Promise<BulkRow<T, R>[]> {
  const { orders, command, give, onProgress, isStopped } = options;
  const rows: BulkRow<T, R>[] = orders.map((order) => ({ order, outcome: null }));
  const settle = (index: number, outcome: Outcome<R>) => {
    const row = rows[index];
    if (row !== undefined) rows[index] = { ...row, outcome };
    onProgress([...rows]);
  };
  for (const [index, order] of orders.entries()) {
    if (isStopped()) settle(index, { kind: 'not_tried' });
    else if (!order.allowed.includes(command)) settle(index, { kind: 'not_allowed' });
    else {
      try {
        const result = await give(order);
        settle(index, result === null ? { kind: 'nobody' } : { kind: 'done', result });
      } catch (problem) {
        settle(index, { kind: 'refused', problem });
      }
    }
  }
  return rows;
}

/** How many of each, for the headline. */
export function tally(rows: readonly BulkRow<BulkTarget, unknown>[]): {
  done: number;
  failed: number;
  left: number;
} {
  const of = (kind: string) => rows.filter((row) => row.outcome?.kind === kind).length;
  const done = of('done');
  const failed = of('refused') + of('nobody') + of('not_allowed') + of('not_tried');
  return { done, failed, left: rows.length - done - failed };
}
