import { beforeEach, expect, it } from 'vitest';
import { isSameQuery, readViews, withView, writeViews } from './savedViews';

beforeEach(() => localStorage.clear());

it('keeps views apart by person and list, in their order', () => {
  const views = withView(withView([], ' 北片抢修 ', 'tab=draft&kind=fault_repair'), '超期', 'tab=overdue');
  writeViews(localStorage, 'one', 'orders', views);
  expect(readViews(localStorage, 'one', 'orders').map((view) => view.name)).toEqual(['北片抢修', '超期']);
  expect(readViews(localStorage, 'two', 'orders')).toEqual([]);
  expect(readViews(localStorage, 'one', 'customers')).toEqual([]);
});

it('replaces a view of the same name', () => {
  const views = withView(
    [
      { name: '甲', query: 'tab=draft' },
      { name: '乙', query: '' },
    ],
    '甲',
    'tab=open',
  );
  expect(views).toEqual([
    { name: '甲', query: 'tab=open' },
    { name: '乙', query: '' },
  ]);
});

it('survives broken storage', () => {
  localStorage.setItem('dianma.views.orders.one', '{"name":1}');
  expect(readViews(localStorage, 'one', 'orders')).toEqual([]);
  localStorage.setItem('dianma.views.orders.one', '[{"name":1},{"name":"甲","query":"tab=open"}]');
  expect(readViews(localStorage, 'one', 'orders')).toEqual([{ name: '甲', query: 'tab=open' }]);
});

it('knows the same question in another order', () => {
  expect(isSameQuery('a=1&b=2', 'b=2&a=1')).toBe(true);
  expect(isSameQuery('a=1', 'a=2')).toBe(false);
});
