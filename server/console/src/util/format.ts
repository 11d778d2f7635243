// Numbers, money, dates for people. Money arrives in fen and stays an integer until the last step.
// Times are shown in China Standard Time wherever the browser stands.

const ZONE = 'Asia/Shanghai';

/** `1234567` fen → `12,345.67`. */
export function money(amountFen: number): string {
  const sign = amountFen < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(amountFen) / 100);
  const rest = Math.abs(amountFen) % 100;
  return `${sign}${whole.toLocaleString('en-US')}.${String(rest).padStart(2, '0')}`;
}

/** Energy in Wh → kWh with two decimals, cut (never rounded up). */
export function energyKwh(energyWh: number): string {
  const hundredths = Math.trunc(energyWh / 10);
  return money(hundredths);
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A count where room is short: `195,495` → `19.5 万` or `195 k`; up to five figures in full. */
export function shortCount(value: number, isChinese: boolean): string {
  if (value < 100_000) return count(value);
  return isChinese ? `${(value / 10_000).toFixed(1)} 万` : `${(value / 1000).toFixed(0)} k`;
}

const formats = new Map<string, Intl.DateTimeFormat>();
function parts(ms: number): Record<string, string> {
  let format = formats.get('parts');
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: ZONE,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    formats.set('parts', format);
  }
  return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
}

/** `2026-11-21 14:05`. */
export function dateTime(ms: number): string {
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}`;
}

/** `2026-11-21 14:05:09`, for the audit and the time line's hover. */
export function dateTimeSeconds(ms: number): string {
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}`;
}

/** `2026-11-21`. */
export function day(ms: number): string {
  const p = parts(ms);
  return `${p.year}-${p.month}-${p.day}`;
}

/** Short form in lists: today `14:05`, this year `11-20 14:05`, else with the year. */
export function shortTime(ms: number, nowMs: number): string {
  const p = parts(ms);
  const n = parts(nowMs);
  if (p.year === n.year && p.month === n.month && p.day === n.day) return `${p.hour}:${p.minute}`;
  if (p.year === n.year) return `${p.month}-${p.day} ${p.hour}:${p.minute}`;
  return `${p.year}-${p.month}-${p.day}`;
}

/** A day key `20261121` → `2026-11-21`. */
export function dayKey(key: number): string {
  const text = String(key);
  return text.length === 8 ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text;
}

/** A month key `202611` → `2026-11`. */
export function monthKey(key: number): string {
  const text = String(key);
  return text.length === 6 ? `${text.slice(0, 4)}-${text.slice(4)}` : text;
}

/** Bytes → `1.2 MB`. */
export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  if (size < 1024 * 1024) return `${(size / 1024).toFixed(0)} KB`;
  return `${(size / 1024 / 1024).toFixed(1)} MB`;
}

/** A rate as a per-cent figure with one decimal from its integers; `null` when nothing was counted. */
export function percentOf(numerator: number, denominator: number): string | null {
  if (denominator === 0) return null;
  return `${((numerator * 100) / denominator).toFixed(1)}%`;
}
