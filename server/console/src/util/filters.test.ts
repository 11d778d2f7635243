import { describe, expect, it } from 'vitest';
import { countFilters, hiddenOf, readFilters, writeFilters } from './filters';

const SHAPE = { state: 'text', overdue: 'flag', from_ms: 'time', q: 'private' } as const;

describe('filters of a list', () => {
  it('come out of the URL as they went in', () => {
    const params = writeFilters(new URLSearchParams(), {
      state: 'draft',
      overdue: true,
      from_ms: 1_700_000_000_000,
    });
    expect(readFilters(SHAPE, params)).toEqual({ state: 'draft', overdue: true, from_ms: 1_700_000_000_000 });
  });

  it('ignore unknown names and broken values', () => {
    const params = new URLSearchParams('state=&overdue=yes&from_ms=12x&drop=table');
    expect(readFilters(SHAPE, params)).toEqual({});
  });

  it('never put a private value into the URL', () => {
    const params = new URLSearchParams('q=secret');
    expect(readFilters(SHAPE, params)).toEqual({});
    expect(readFilters(SHAPE, new URLSearchParams(), { q: '张' })).toEqual({ q: '张' });
  });

  it('keep other names when one is taken away', () => {
    const params = writeFilters(new URLSearchParams('state=draft&order=1'), { state: undefined });
    expect(params.toString()).toBe('order=1');
  });

  it('are counted by name', () => {
    expect(countFilters({ a: 1, b: undefined }, ['a', 'b', 'c'])).toBe(1);
  });
});

it('reads private values only from a sound history entry', () => {
  expect(hiddenOf(null)).toEqual({});
  expect(hiddenOf({ hidden: 'x' })).toEqual({});
  expect(hiddenOf({ hidden: { q: 'a', n: 3 } })).toEqual({ q: 'a' });
});
