import { expect, it } from 'vitest';
import { gather } from './storm';

const order = (id: string, area_id: string | null, urgency = 'normal') => ({ id, area_id, urgency });

it('puts orders of one area together, the largest area first, each area in its own order', () => {
  const { rows, sameArea } = gather([
    order('a', 'one'),
    order('b', 'two'),
    order('c', 'two'),
    order('d', null),
  ]);
  expect(rows.map((row) => row.id)).toEqual(['b', 'c', 'a', 'd']);
  expect([...sameArea]).toEqual([
    ['b', 2],
    ['c', 2],
  ]);
});

it('puts a hazard above any crowd, and leaves what has no area alone', () => {
  const { rows, sameArea } = gather([
    order('a', 'one'),
    order('b', 'one'),
    order('c', null),
    order('d', null),
    order('e', 'two', 'hazard'),
  ]);
  expect(rows.map((row) => row.id)).toEqual(['e', 'a', 'b', 'c', 'd']);
  expect(sameArea.has('c')).toBe(false);
});
