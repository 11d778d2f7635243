import { describe, expect, it } from 'vitest';
import { keys } from './keys';
import { isLong, staleKeys, withNotices } from './live';

describe('what a notice makes stale', () => {
  it('an order: its page, all lists, the proposals and the overview', () => {
    const stale = staleKeys(
      'order',
      '{"kind":"order","id":"1","version":2,"state":"draft","urgency":"normal"}',
    );
    expect(stale).toContainEqual(keys.order('1'));
    expect(stale).toContainEqual(keys.orders);
    expect(stale).toContainEqual(keys.overview);
  });

  it('a list: that list', () => {
    expect(staleKeys('list', '{"kind":"list","name":"devices"}')).toContainEqual(['devices']);
  });

  it('an unknown resume point or a broken notice: everything', () => {
    expect(staleKeys('reset', '')).toEqual([[]]);
    expect(staleKeys('order', 'not json')).toEqual([[]]);
  });

  it('a phone’s scope: nothing here', () => {
    expect(staleKeys('scope', '{"scope":"user:1"}')).toEqual([]);
  });
});

describe('a list of many pages', () => {
  const row = (id: string) => ({ id, state: 'draft', urgency: 'normal', version: 1 });
  const list = (pages: number) => ({
    pages: Array.from({ length: pages }, (_, index) => ({
      work_orders: [row(`${index}a`), row(`${index}b`)],
    })),
  });
  const query = (data: unknown) => ({ state: { data } }) as Parameters<typeof isLong>[0];

  it('is told by its pages', () => {
    expect(isLong(query(list(3)))).toBe(false);
    expect(isLong(query(list(4)))).toBe(true);
    expect(isLong(query(undefined))).toBe(false);
    expect(isLong(query({ work_orders: [] }))).toBe(false);
  });

  it('shows the new state at once and keeps the version that was read', () => {
    const before = list(4);
    const notices = new Map([['2b', { state: 'dispatched', urgency: 'hazard', version: 7 }]]);
    const after = withNotices(before, notices);
    expect(after.pages[2]?.work_orders[1]).toEqual({ ...row('2b'), state: 'dispatched', urgency: 'hazard' });
    expect(after.pages[0], 'other pages are the same objects').toBe(before.pages[0]);
    expect(withNotices(before, new Map([['x', { state: 'draft', urgency: 'normal', version: 1 }]]))).toBe(
      before,
    );
  });
});
