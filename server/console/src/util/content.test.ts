import { expect, it } from 'vitest';
import { withoutLabel } from './content';
import { unitName } from './units';

it('drops the leading label of a one-line content, nothing else', () => {
  expect(withoutLabel('【故障报修】整个村民组停电')).toBe('整个村民组停电');
  expect(withoutLabel('家里没电【急】')).toBe('家里没电【急】');
  expect(withoutLabel('【投诉】')).toBe('【投诉】');
  expect(withoutLabel('')).toBe('');
});

it('names units in the language of the screen', () => {
  expect(unitName('米', false)).toBe('m');
  expect(unitName('米', true)).toBe('米');
  expect(unitName('mm²', false)).toBe('mm²');
});
