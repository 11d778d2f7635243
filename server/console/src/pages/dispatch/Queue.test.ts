import { expect, it } from 'vitest';
import { withHazardsFirst } from './Queue';

const rows = [{ id: 'a' }, { id: 'hazard' }, { id: 'b' }];

it('puts hazards on top of the unassigned, each once', () => {
  const hazards = [{ id: 'hazard' }, { id: 'far_down' }];
  expect(withHazardsFirst(rows, 'unassigned', hazards).map((row) => row.id)).toEqual([
    'hazard',
    'far_down',
    'a',
    'b',
  ]);
});

it('leaves other groups and queues without hazards as they are', () => {
  expect(withHazardsFirst(rows, 'overdue', [{ id: 'hazard' }])).toBe(rows);
  expect(withHazardsFirst(rows, 'unassigned', [])).toBe(rows);
  expect(withHazardsFirst(rows, 'unassigned', undefined)).toBe(rows);
});
