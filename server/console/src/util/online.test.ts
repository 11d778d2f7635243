import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { isOnline } from './online';

it('draws the line where the server draws it', () => {
  const rule = readFileSync(resolve(process.cwd(), '../src/dispatch/rank.rs'), 'utf8');
  const minutes = Number(/ONLINE_MS: i64 = (\d+) \* MINUTE_MS/.exec(rule)?.[1]);
  expect(minutes).toBeGreaterThan(0);
  expect(isOnline(0, minutes * 60_000)).toBe(true);
  expect(isOnline(0, minutes * 60_000 + 1)).toBe(false);
  expect(isOnline(null, 0)).toBe(false);
});
