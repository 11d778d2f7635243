import { expect, it } from 'vitest';
import { likely } from './duplicates';

const HOUR = 3_600_000;
const order = (id: string, more: object = {}) => ({
  id,
  kind: 'fault_repair',
  account_number: null as string | null,
  area_id: 'area' as string | null,
  taken_in_at_ms: 100 * HOUR,
  ...more,
});

it('finds the same customer first, then the same area and kind near in time, itself never', () => {
  const one = order('one', { account_number: '42' });
  const others = [
    order('one', { account_number: '42' }),
    order('near', { taken_in_at_ms: 95 * HOUR }),
    order('far', { taken_in_at_ms: 93 * HOUR }),
    order('other_kind', { kind: 'meter_change' }),
    order('elsewhere', { area_id: 'another' }),
    order('customer', { account_number: '42', kind: 'meter_change', area_id: null, taken_in_at_ms: 0 }),
    order('near', { taken_in_at_ms: 95 * HOUR }),
  ];
  expect(likely(one, others).map(({ order: found, why }) => [found.id, why])).toEqual([
    ['customer', 'same_customer'],
    ['near', 'same_area'],
  ]);
});

it('says nothing about an order without customer and area', () => {
  const one = order('one', { area_id: null });
  expect(likely(one, [order('two', { area_id: null })])).toEqual([]);
});
