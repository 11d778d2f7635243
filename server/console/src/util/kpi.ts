// KPI figures in words. The server counts in integers; only here they get a unit and a decimal point.
import type { KpiUnit } from '@/i18n/words.gen';
import { durationWords } from './countdown';
import { count, money } from './format';

/** `9712` basis points → `97.1%`; milliseconds → a duration; fen → money; counts as they are. */
export function kpiFigure(unit: KpiUnit, value: number, isChinese: boolean): string {
  switch (unit) {
    case 'basis_points':
      return `${(value / 100).toFixed(1)}%`;
    case 'milliseconds':
      return durationWords(value, isChinese);
    case 'fen':
      return money(value);
    case 'count':
      return count(value);
  }
}

/** A value as a chart and a CSV need it: a plain number in the shown unit. */
export function kpiNumber(unit: KpiUnit, value: number): number {
  switch (unit) {
    case 'basis_points':
      return Math.round(value / 10) / 10;
    case 'milliseconds':
      return Math.round(value / 6000) / 10;
    case 'fen':
      return value / 100;
    case 'count':
      return value;
  }
}

/** The unit beside a column or axis. */
export function kpiUnitName(unit: KpiUnit, isChinese: boolean): string {
  switch (unit) {
    case 'basis_points':
      return '%';
    case 'milliseconds':
      return isChinese ? '分钟' : 'min';
    case 'fen':
      return isChinese ? '元' : 'yuan';
    case 'count':
      return '';
  }
}

/** Change against the last period: `+1.2` points, `-8 分钟`; `null` when nothing changed. */
export function kpiChange(unit: KpiUnit, value: number, before: number, isChinese: boolean): string | null {
  const change = value - before;
  if (change === 0) return null;
  const sign = change > 0 ? '+' : '−';
  const size = Math.abs(change);
  if (unit === 'basis_points') return `${sign}${(size / 100).toFixed(1)} ${isChinese ? '百分点' : 'points'}`;
  return `${sign}${kpiFigure(unit, size, isChinese)}`;
}
