// Periods of the KPI page: day, week, month, quarter in China Standard Time (UTC+8, no summer time).
// A period is the half-open range [from_ms, to_ms).

export type PeriodKind = 'day' | 'week' | 'month' | 'quarter' | 'custom';

export interface Period {
  kind: PeriodKind;
  fromMs: number;
  toMs: number;
}

const OFFSET = 8 * 3_600_000;
const DAY = 86_400_000;

interface Date8 {
  year: number;
  month: number;
  day: number;
  weekday: number;
}

function civil(ms: number): Date8 {
  const d = new Date(ms + OFFSET);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth(),
    day: d.getUTCDate(),
    weekday: (d.getUTCDay() + 6) % 7,
  };
}

/** Midnight of a civil date; months beyond 0–11 roll over as in `Date.UTC`. */
export function midnight(year: number, month: number, day: number): number {
  return Date.UTC(year, month, day) - OFFSET;
}

/** The period of this kind that holds `ms`, moved by `shift` whole periods. Weeks begin on Monday. */
export function periodAt(kind: Exclude<PeriodKind, 'custom'>, ms: number, shift = 0): Period {
  const d = civil(ms);
  switch (kind) {
    case 'day': {
      const from = midnight(d.year, d.month, d.day + shift);
      return { kind, fromMs: from, toMs: from + DAY };
    }
    case 'week': {
      const from = midnight(d.year, d.month, d.day - d.weekday + shift * 7);
      return { kind, fromMs: from, toMs: from + 7 * DAY };
    }
    case 'month':
      return {
        kind,
        fromMs: midnight(d.year, d.month + shift, 1),
        toMs: midnight(d.year, d.month + shift + 1, 1),
      };
    case 'quarter': {
      const first = Math.floor(d.month / 3) * 3 + shift * 3;
      return { kind, fromMs: midnight(d.year, first, 1), toMs: midnight(d.year, first + 3, 1) };
    }
  }
}

/** From the first to the last chosen day, both included. */
export function customPeriod(first: Date8Parts, last: Date8Parts): Period {
  return {
    kind: 'custom',
    fromMs: midnight(first.year, first.month, first.day),
    toMs: midnight(last.year, last.month, last.day + 1),
  };
}

export interface Date8Parts {
  year: number;
  /** 0–11 */
  month: number;
  day: number;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-21`, `2026-11-16 – 11-22`, `2026-11`, `2026 Q4`, or two dates. */
export function periodLabel(period: Period): string {
  const a = civil(period.fromMs);
  const b = civil(period.toMs - 1);
  const date = (d: Date8) => `${d.year}-${two(d.month + 1)}-${two(d.day)}`;
  switch (period.kind) {
    case 'day':
      return date(a);
    case 'month':
      return `${a.year}-${two(a.month + 1)}`;
    case 'quarter':
      return `${a.year} Q${Math.floor(a.month / 3) + 1}`;
    default:
      return a.year === b.year ? `${date(a)} – ${two(b.month + 1)}-${two(b.day)}` : `${date(a)} – ${date(b)}`;
  }
}

/** How a series over this period is grouped so that it has 7–40 points. */
export function groupOf(period: Period): 'day' | 'week' | 'month' {
  const days = (period.toMs - period.fromMs) / DAY;
  if (days <= 40) return 'day';
  return days <= 200 ? 'week' : 'month';
}
