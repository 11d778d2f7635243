import { expect, it } from 'vitest';
import { dayOfCount, mentions } from './search';

it('finds by any text at any depth, all words needed', () => {
  const entry = { code: 'wire', texts: [{ zh: '铜芯线', en: 'Copper wire' }] };
  expect(mentions(entry, '铜芯')).toBe(true);
  expect(mentions(entry, 'copper WIRE')).toBe(true);
  expect(mentions(entry, '铜芯 铝')).toBe(false);
  expect(mentions(entry, '')).toBe(true);
});

it('names days counted from 1970', () => {
  expect(dayOfCount(0)).toBe('1970-01-01');
  expect(dayOfCount(20089)).toBe('2025-01-01');
});
