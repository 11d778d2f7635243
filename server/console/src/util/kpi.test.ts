import { expect, it } from 'vitest';
import { kpiChange, kpiFigure, kpiNumber, kpiUnitName } from './kpi';

it('gives each unit its form', () => {
  expect(kpiFigure('basis_points', 9712, true)).toBe('97.1%');
  expect(kpiFigure('milliseconds', 5_580_000, true)).toBe('1 小时 33 分');
  expect(kpiFigure('fen', 123_456, true)).toBe('1,234.56');
  expect(kpiFigure('count', 1200, false)).toBe('1,200');
});

it('keeps chart numbers in the unit that is shown', () => {
  expect(kpiNumber('basis_points', 9712)).toBe(97.1);
  expect(kpiNumber('milliseconds', 5_580_000)).toBe(93);
  expect(kpiUnitName('milliseconds', true)).toBe('分钟');
});

it('compares with a sign, in points for rates', () => {
  expect(kpiChange('basis_points', 9712, 9600, true)).toBe('+1.1 百分点');
  expect(kpiChange('milliseconds', 3_600_000, 4_200_000, false)).toBe('−10 min');
  expect(kpiChange('count', 3, 3, true)).toBeNull();
});
