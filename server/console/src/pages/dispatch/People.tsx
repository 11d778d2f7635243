// The middle of the board: who is there, how loaded, when last heard. An order can be dropped on a person.
import { useQuery } from '@tanstack/react-query';
import { Skeleton } from 'antd';
import { useState } from 'react';
import { listStaff } from '@/api/archives';
import type { Candidate, StaffView } from '@/api/contract';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { Ago } from '@/components/Time';
import { OnlineDot } from '@/components/Words';
import { useNow } from '@/hooks/useNow';
import { useText } from '@/i18n';
import { isOnline } from '@/util/online';

interface Props {
  candidates: readonly Candidate[];
  canDrop: boolean;
  onDrop: (staffId: string) => void;
}

/** On duty first, then online, then the least loaded. */
export function byReadiness(a: StaffView, b: StaffView, nowMs: number): number {
  return (
    Number(b.is_on_duty) - Number(a.is_on_duty) ||
    Number(isOnline(b.last_seen_at_ms, nowMs)) - Number(isOnline(a.last_seen_at_ms, nowMs)) ||
    a.open_orders - b.open_orders ||
    a.display_name.localeCompare(b.display_name, 'zh-CN')
  );
}

export function People({ candidates, canDrop, onDrop }: Props) {
  const { t } = useText();
  const may = useMay();
  const now = useNow();
  const [over, setOver] = useState<string | null>(null);
  const query = useQuery({
    queryKey: [...keys.staff, { role: 'electrician' }],
    queryFn: () => listStaff({ role: 'electrician' }),
    enabled: may('read_staff'),
    refetchInterval: 30_000,
  });
  const people = (query.data ?? [])
    .filter((person) => person.is_active)
    .sort((a, b) => byReadiness(a, b, now));
  const most = Math.max(4, ...people.map((person) => person.open_orders));
  const duty = people.filter((person) => person.is_on_duty).length;
  const online = people.filter((person) => isOnline(person.last_seen_at_ms, now)).length;
  const blocked = new Set(candidates.filter((each) => !each.is_eligible).map((each) => each.staff_id));
  return (
    <Panel
      className="board-pane"
      title={t('dispatch.people')}
      tools={<span className="faint">{t('dispatch.people_note', { duty, online })}</span>}
      isFlush
    >
      {query.error !== null && <Problem problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isLoading && (
        <div className="panel-body">
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling list must be reachable by keyboard */}
      <ul className="people" tabIndex={0} aria-label={t('dispatch.people')}>
        {people.map((person) => (
          <li
            key={person.id}
            className={`person ${over === person.id ? 'is-over' : ''} ${blocked.has(person.id) ? 'is-blocked' : ''}`}
            onDragOver={(event) => {
              if (!canDrop) return;
              event.preventDefault();
              setOver(person.id);
            }}
            onDragLeave={() => setOver(null)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(null);
              onDrop(person.id);
            }}
          >
            <OnlineDot isOnline={isOnline(person.last_seen_at_ms, now)} />
            <div className="grow">
              <div className="spread">
                <strong className="clip">{person.display_name}</strong>
                <span className="nowrap">{t('dispatch.load', { open: person.open_orders })}</span>
              </div>
              <div className="meter-bar" aria-hidden="true">
                <i style={{ width: `${(person.open_orders * 100) / most}%` }} />
              </div>
              <div className="faint spread">
                <span className="clip">
                  {person.is_on_duty ? (person.station_name ?? '') : t('dispatch.off_duty_shown')}
                </span>
                <span className="nowrap">
                  <Ago ms={person.last_seen_at_ms} />
                </span>
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
