import { describe, expect, it } from 'vitest';
import { customPeriod, groupOf, midnight, periodAt, periodLabel } from './period';

// 2026-11-21 02:00 in China is still 2026-11-20 in UTC.
const AT = Date.UTC(2026, 10, 20, 18, 0);
const DAY = 86_400_000;

describe('periods begin at midnight in China', () => {
  it('day', () => {
    const day = periodAt('day', AT);
    expect(day.fromMs).toBe(midnight(2026, 10, 21));
    expect(day.toMs - day.fromMs).toBe(DAY);
    expect(periodLabel(day)).toBe('2026-11-21');
  });
  it('week begins on Monday', () => {
    expect(periodLabel(periodAt('week', AT))).toBe('2026-11-16 – 11-22');
    expect(periodLabel(periodAt('week', AT, 1))).toBe('2026-11-23 – 11-29');
  });
  it('month rolls over the year', () => {
    expect(periodLabel(periodAt('month', AT, 2))).toBe('2027-01');
    expect(periodLabel(periodAt('month', AT, -11))).toBe('2025-12');
  });
  it('quarter', () => {
    expect(periodLabel(periodAt('quarter', AT))).toBe('2026 Q4');
    expect(periodLabel(periodAt('quarter', AT, 1))).toBe('2027 Q1');
  });
});

it('periods of one kind follow each other without a gap', () => {
  for (const kind of ['day', 'week', 'month', 'quarter'] as const) {
    for (let shift = -6; shift < 6; shift += 1) {
      expect(periodAt(kind, AT, shift).toMs).toBe(periodAt(kind, AT, shift + 1).fromMs);
    }
  }
});

it('custom takes both days in', () => {
  const period = customPeriod({ year: 2026, month: 0, day: 30 }, { year: 2026, month: 1, day: 2 });
  expect(period.toMs - period.fromMs).toBe(4 * DAY);
  expect(periodLabel(period)).toBe('2026-01-30 – 02-02');
});

it('groups a series so that it can be read', () => {
  expect(groupOf(periodAt('month', AT))).toBe('day');
  expect(groupOf(periodAt('quarter', AT))).toBe('week');
  const year = { kind: 'custom' as const, fromMs: AT, toMs: AT + 365 * DAY };
  expect(groupOf(year)).toBe('month');
});
