import { describe, expect, it } from 'vitest';
import {
  bytes,
  dateTime,
  dayKey,
  energyKwh,
  money,
  monthKey,
  percentOf,
  shortCount,
  shortTime,
} from './format';

describe('money', () => {
  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [123, '1.23'],
    [1_234_567, '12,345.67'],
    [-250, '-2.50'],
    [9_007_199_254_740_991, '90,071,992,547,409.91'],
  ])('%i fen', (fen, text) => expect(money(fen)).toBe(text));
});

it('cuts energy instead of rounding it up', () => {
  expect(energyKwh(12_349)).toBe('12.34');
  expect(energyKwh(1_000_000)).toBe('1,000.00');
});

describe('times are China Standard Time wherever the browser stands', () => {
  const at = Date.UTC(2026, 10, 20, 23, 30);
  it('shows the civil time of the county', () => {
    expect(dateTime(at)).toBe('2026-11-21 07:30');
  });
  it('shortens by how near it is', () => {
    expect(shortTime(at, at + 60_000)).toBe('07:30');
    expect(shortTime(at, at + 24 * 3_600_000)).toBe('11-21 07:30');
    expect(shortTime(at, at + 90 * 24 * 3_600_000)).toBe('2026-11-21');
  });
});

it('reads day and month keys, and leaves strange ones alone', () => {
  expect(dayKey(20261121)).toBe('2026-11-21');
  expect(monthKey(202611)).toBe('2026-11');
  expect(dayKey(7)).toBe('7');
});

it('names sizes', () => {
  expect(bytes(900)).toBe('900 B');
  expect(bytes(1_258_291)).toBe('1.2 MB');
});

it('shortens long counts only', () => {
  expect(shortCount(99_999, true)).toBe('99,999');
  expect(shortCount(195_495, true)).toBe('19.5 万');
  expect(shortCount(195_495, false)).toBe('195 k');
});

it('has no rate without a denominator', () => {
  expect(percentOf(0, 0)).toBeNull();
  expect(percentOf(2, 3)).toBe('66.7%');
});
