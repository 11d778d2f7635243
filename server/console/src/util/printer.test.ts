import { beforeEach, expect, it } from 'vitest';
import { pagesOf, readPrinter, writePrinter } from './printer';

beforeEach(() => localStorage.clear());

it('remembers the printer and survives broken storage', () => {
  expect(readPrinter(localStorage)).toEqual({ sheet: 'a4_24', dpi: 300 });
  writePrinter(localStorage, { sheet: 'roll_60_40', dpi: 203 });
  expect(readPrinter(localStorage)).toEqual({ sheet: 'roll_60_40', dpi: 203 });
  for (const broken of ['{', '"roll"', '{"sheet":1,"dpi":300}', 'null']) {
    localStorage.setItem('dianma.printer', broken);
    expect(readPrinter(localStorage).sheet, broken).toBe('a4_24');
  }
});

it('counts whole pages', () => {
  expect([pagesOf(0, 24), pagesOf(24, 24), pagesOf(25, 24), pagesOf(3, 1)]).toEqual([0, 1, 2, 3]);
});
