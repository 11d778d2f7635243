import { describe, expect, it } from 'vitest';
import type { Command } from '@/i18n/words.gen';
import { type BulkRow, type BulkTarget, runBulk, tally } from './bulk';

const order = (id: string, allowed: Command[] = ['dispatch']): BulkTarget => ({
  id,
  order_number: `GD-${id}`,
  version: 1,
  allowed,
});

describe('one command for many orders', () => {
  it('tells every order its own outcome and goes on after a refusal', async () => {
    const given: string[] = [];
    const rows = await runBulk({
      orders: [order('a'), order('b', []), order('c'), order('d'), order('e')],
      command: 'dispatch',
      give: async (target) => {
        given.push(target.id);
        if (target.id === 'c') throw new Error('S-409-VERSION');
        return target.id === 'd' ? null : `to ${target.id}`;
      },
      onProgress: () => {},
      isStopped: () => false,
    });
    expect(given).toEqual(['a', 'c', 'd', 'e']);
    expect(rows.map((row) => row.outcome?.kind)).toEqual([
      'done',
      'not_allowed',
      'refused',
      'nobody',
      'done',
    ]);
    expect(tally(rows)).toEqual({ done: 2, failed: 3, left: 0 });
  });

  it('gives one after the other and stops when asked', async () => {
    let running = 0;
    let stopped = false;
    const seen: (readonly BulkRow<BulkTarget, number>[])[] = [];
    const rows = await runBulk({
      orders: [order('a'), order('b'), order('c')],
      command: 'dispatch',
      give: async () => {
        running += 1;
        expect(running).toBe(1);
        await Promise.resolve();
        running -= 1;
        stopped = seen.length === 1;
        return 1;
      },
      onProgress: (now) => seen.push(now),
      isStopped: () => stopped,
    });
    expect(rows.map((row) => row.outcome?.kind)).toEqual(['done', 'done', 'not_tried']);
    expect(seen[0]?.map((row) => row.outcome?.kind ?? null)).toEqual(['done', null, null]);
    expect(tally(seen[0] ?? [])).toEqual({ done: 1, failed: 0, left: 2 });
  });
});
