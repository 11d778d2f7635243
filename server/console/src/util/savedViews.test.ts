import { beforeEach, expect, it } from 'vitest';
import { forgetLocalViews, isSameQuery, localViews } from './savedViews';

beforeEach(() => localStorage.clear());

const names = (who: string, list: string) => localViews(localStorage, who, list).map((view) => view.name);

it('finds what an older console left for this person and list, once', () => {
  localStorage.setItem(
    'dianma.views.orders.one',
    '[{"name":"北片抢修","query":"tab=draft"},{"name":"超期","query":""}]',
  );
  expect(names('one', 'orders')).toEqual(['北片抢修', '超期']);
  expect(names('two', 'orders')).toEqual([]);
  expect(names('one', 'customers')).toEqual([]);
  forgetLocalViews(localStorage, 'one', 'orders');
  expect(names('one', 'orders')).toEqual([]);
});

it('survives broken storage', () => {
  localStorage.setItem('dianma.views.orders.one', '{"name":1}');
  expect(names('one', 'orders')).toEqual([]);
  localStorage.setItem('dianma.views.orders.one', '[{"name":1},{"name":"甲","query":"tab=open"}]');
  expect(names('one', 'orders')).toEqual(['甲']);
});

it('knows the same question in another order', () => {
  expect(isSameQuery('a=1&b=2', 'b=2&a=1')).toBe(true);
  expect(isSameQuery('a=1', 'a=2')).toBe(false);
});
