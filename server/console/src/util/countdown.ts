// Durations and count-downs in words, Chinese and English. Two units at most: nobody plans by seconds.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration in words: `23 分钟`, `3 小时 20 分`, `4 天 6 小时`. Under a minute counts as less than one. */
export function durationWords(durationMs: number, isChinese: boolean): string {
  const span = Math.max(0, durationMs);
  if (span < MINUTE) return isChinese ? '不到 1 分钟' : 'under 1 min';
  if (span < HOUR) {
    const minutes = Math.floor(span / MINUTE);
    return isChinese ? `${minutes} 分钟` : `${minutes} min`;
  }
  if (span < DAY) {
    const hours = Math.floor(span / HOUR);
    const minutes = Math.floor((span % HOUR) / MINUTE);
    if (minutes === 0) return isChinese ? `${hours} 小时` : `${hours} h`;
    return isChinese ? `${hours} 小时 ${minutes} 分` : `${hours} h ${minutes} min`;
  }
  const days = Math.floor(span / DAY);
  const hours = Math.floor((span % DAY) / HOUR);
  if (hours === 0) return isChinese ? `${days} 天` : `${days} d`;
  return isChinese ? `${days} 天 ${hours} 小时` : `${days} d ${hours} h`;
}

/** `还剩 23 分钟` before the deadline, `已超 12 分钟` after it. */
export function countdownWords(dueAtMs: number, nowMs: number, isChinese: boolean): string {
  const left = dueAtMs - nowMs;
  const words = durationWords(Math.abs(left), isChinese);
  if (left < 0) return isChinese ? `已超 ${words}` : `${words} late`;
  return isChinese ? `还剩 ${words}` : `${words} left`;
}

/** How long ago, for "last heard": `刚刚`, `12 分钟前`. */
export function agoWords(atMs: number, nowMs: number, isChinese: boolean): string {
  const passed = nowMs - atMs;
  if (passed < MINUTE) return isChinese ? '刚刚' : 'just now';
  const words = durationWords(passed < DAY ? passed : Math.floor(passed / DAY) * DAY, isChinese);
  return isChinese ? `${words}前` : `${words} ago`;
}

export type Tone = 'calm' | 'soon' | 'late';

/** Colour class of a deadline. The server's warn level decides; past the deadline is always late. */
export function deadlineTone(dueAtMs: number, nowMs: number, warnLevel: number): Tone {
  if (nowMs > dueAtMs) return 'late';
  return warnLevel >= 2 ? 'soon' : 'calm';
}

/** Share of the time already used, 0–1, for the count-down bar. */
export function elapsedShare(fromMs: number, dueAtMs: number, nowMs: number): number {
  if (dueAtMs <= fromMs) return 1;
  return Math.min(1, Math.max(0, (nowMs - fromMs) / (dueAtMs - fromMs)));
}
