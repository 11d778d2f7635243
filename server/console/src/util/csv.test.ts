import { expect, it } from 'vitest';
import { csvText } from './csv';

it('quotes what needs it, keeps Chinese readable, ends lines as office programs want', () => {
  const text = csvText(
    ['工单号', '内容'],
    [
      ['GD1', '没电,"跳闸"\n两次'],
      ['GD2', null],
    ],
  );
  expect(text).toBe('\uFEFF工单号,内容\r\nGD1,"没电,""跳闸""\n两次"\r\nGD2,\r\n');
});

it('defuses cells that a spreadsheet would run', () => {
  expect(csvText(['a'], [['=1+1'], ['-2'], ['@x']])).toBe("\uFEFFa\r\n'=1+1\r\n'-2\r\n'@x\r\n");
  expect(csvText(['a'], [[-2]])).toBe('\uFEFFa\r\n-2\r\n');
});
