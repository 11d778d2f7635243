// Time as people use it: relative with the absolute on hover, and the count-down with its promise.
import { useNow } from '@/hooks/useNow';
import { useText } from '@/i18n';
import { TONE_CLASS } from '@/ui/theme';
import { agoWords, countdownWords, deadlineTone, elapsedShare } from '@/util/countdown';
import { dateTimeSeconds, shortTime } from '@/util/format';

export function ShortTime({ ms }: { ms: number | null }) {
  const now = useNow();
  if (ms === null) return <span className="faint">–</span>;
  return <span title={dateTimeSeconds(ms)}>{shortTime(ms, now)}</span>;
}

export function Ago({ ms }: { ms: number | null }) {
  const now = useNow();
  const { t, isChinese } = useText();
  if (ms === null) return <span className="faint">{t('common.never_heard')}</span>;
  return <span title={dateTimeSeconds(ms)}>{agoWords(ms, now, isChinese)}</span>;
}

export interface Deadline {
  state: string;
  taken_in_at_ms: number;
  arrive_due_at_ms: number | null;
  due_at_ms: number | null;
  arrived_at_ms?: number | null;
  submitted_at_ms: number | null;
  promise: string | null;
  promise_en: string | null;
  warn_level: number;
}

/** States in which nobody waits for us any more. */
const STOPPED = new Set(['submitted', 'archived', 'cancelled']);
/** States in which the electrician was on site already: the arrival promise is settled. */
const ON_SITE = new Set(['arrived', 'working', 'submitted', 'rejected', 'archived']);

/** The deadline that counts now: arrival until somebody is there, then completion. */
export function nextDue(order: Deadline): number | null {
  const hasArrived = (order.arrived_at_ms ?? null) !== null || ON_SITE.has(order.state);
  if (!hasArrived && order.arrive_due_at_ms !== null) return order.arrive_due_at_ms;
  return order.due_at_ms ?? (hasArrived ? null : order.arrive_due_at_ms);
}

/** Count-down bar with words; after submission it says whether the promise was kept. */
export function CountDown({ order, hasBar = true }: { order: Deadline; hasBar?: boolean }) {
  const { t, isChinese } = useText();
  const due = nextDue(order);
  if (due === null) return <span className="faint">{t('orders.no_deadline')}</span>;
  if (STOPPED.has(order.state)) {
    const at = order.submitted_at_ms;
    const isLate = at !== null && at > due;
    if (at === null) return <span className="faint">–</span>;
    return (
      <span className={isLate ? 'tone-late' : 'faint'} title={dateTimeSeconds(due)}>
        {isLate ? t('order.done_late') : t('order.done_in_time')}
      </span>
    );
  }
  return (
    <span
      style={{ display: 'block', minWidth: 0 }}
      title={`${(isChinese ? order.promise : order.promise_en) ?? ''} · ${dateTimeSeconds(due)}`}
    >
      <DueBar fromMs={order.taken_in_at_ms} dueAtMs={due} warnLevel={order.warn_level} hasBar={hasBar} />
    </span>
  );
}

interface DueProps {
  fromMs: number;
  dueAtMs: number;
  warnLevel: number;
  hasBar?: boolean;
}

/** Words and bar of one deadline. */
export function DueBar({ fromMs, dueAtMs, warnLevel, hasBar = true }: DueProps) {
  const now = useNow();
  const { isChinese } = useText();
  const share = elapsedShare(fromMs, dueAtMs, now);
  return (
    <span className={`count-down ${TONE_CLASS[deadlineTone(dueAtMs, now, warnLevel)]}`}>
      <span className="clip">{countdownWords(dueAtMs, now, isChinese)}</span>
      {hasBar && (
        <span className="count-down-bar" aria-hidden="true">
          <i style={{ width: `${Math.round(share * 100)}%` }} />
        </span>
      )}
    </span>
  );
}
