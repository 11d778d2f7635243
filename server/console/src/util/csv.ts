// CSV of exactly what is seen: UTF-8 with a byte-order mark so that office programs read Chinese,
// quoted where needed, and cells that a spreadsheet would run as a formula are defused.
import { saveFile } from './file';

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function csvText(head: readonly string[], rows: readonly (string | number | null)[][]): string {
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** Hands the text to the browser as a download. */
export function downloadCsv(
  fileName: string,
  head: readonly string[],
  rows: readonly (string | number | null)[][],
): void {
  saveFile(new Blob([csvText(head, rows)], { type: 'text/csv;charset=utf-8' }), fileName);
}
