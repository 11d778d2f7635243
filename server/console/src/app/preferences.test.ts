import { expect, it } from 'vitest';
import { isFolded, type Preferences } from './preferences';

const chosen = (isRailFolded: boolean | null): Preferences => ({
  isDark: false,
  isCompact: true,
  hasHazardNotice: false,
  isRailFolded,
});

it('folds the rail on a narrow window until the person has chosen', () => {
  expect(isFolded(chosen(null), 1280)).toBe(true);
  expect(isFolded(chosen(null), 1366)).toBe(false);
  expect(isFolded(chosen(false), 1280)).toBe(false);
  expect(isFolded(chosen(true), 2560)).toBe(true);
});
