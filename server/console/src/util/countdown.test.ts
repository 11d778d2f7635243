import { describe, expect, it } from 'vitest';
import { agoWords, countdownWords, deadlineTone, durationWords, elapsedShare } from './countdown';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('durations in words', () => {
  it.each([
    [0, '不到 1 分钟', 'under 1 min'],
    [MINUTE - 1, '不到 1 分钟', 'under 1 min'],
    [MINUTE, '1 分钟', '1 min'],
    [59 * MINUTE + 59_999, '59 分钟', '59 min'],
    [HOUR, '1 小时', '1 h'],
    [3 * HOUR + 20 * MINUTE, '3 小时 20 分', '3 h 20 min'],
    [24 * HOUR, '1 天', '1 d'],
    [4 * 24 * HOUR + 6 * HOUR + 59 * MINUTE, '4 天 6 小时', '4 d 6 h'],
    [-5, '不到 1 分钟', 'under 1 min'],
  ])('%i ms', (span, zh, en) => {
    expect(durationWords(span, true)).toBe(zh);
    expect(durationWords(span, false)).toBe(en);
  });
});

describe('count-down', () => {
  it('counts down before the deadline and up after it', () => {
    expect(countdownWords(23 * MINUTE, 0, true)).toBe('还剩 23 分钟');
    expect(countdownWords(0, 12 * MINUTE, true)).toBe('已超 12 分钟');
    expect(countdownWords(0, 12 * MINUTE, false)).toBe('12 min late');
  });

  it('is late exactly after the deadline, whatever the level says', () => {
    expect(deadlineTone(100, 100, 0)).toBe('calm');
    expect(deadlineTone(100, 101, 0)).toBe('late');
    expect(deadlineTone(100, 50, 2)).toBe('soon');
    expect(deadlineTone(100, 50, 1)).toBe('calm');
  });

  it('keeps the bar between empty and full', () => {
    expect(elapsedShare(0, 100, 25)).toBe(0.25);
    expect(elapsedShare(0, 100, -5)).toBe(0);
    expect(elapsedShare(0, 100, 500)).toBe(1);
    expect(elapsedShare(100, 100, 100)).toBe(1);
  });
});

it('says how long ago, in days only beyond a day', () => {
  expect(agoWords(0, 30_000, true)).toBe('刚刚');
  expect(agoWords(0, 12 * MINUTE, true)).toBe('12 分钟前');
  expect(agoWords(0, 30 * HOUR, true)).toBe('1 天前');
  expect(agoWords(0, 12 * MINUTE, false)).toBe('12 min ago');
});
