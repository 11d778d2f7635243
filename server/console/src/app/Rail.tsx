// The menu by permission, with the counts that call for somebody: exceptions, review, overdue.
import { useQuery } from '@tanstack/react-query';
import { NavLink } from 'react-router';
import { keys } from '@/api/keys';
import { readOverview } from '@/api/numbers';
import { countOrders } from '@/api/orders';
import { useText } from '@/i18n';
import { MENU, type PageName } from './navigation';
import { useMay } from './session';

function useCalls(): Partial<Record<PageName, { figure: number; isLate: boolean }>> {
  const may = useMay();
  const counts = useQuery({
    queryKey: keys.orderCounts,
    queryFn: countOrders,
    enabled: may('read_orders'),
    refetchInterval: 60_000,
  });
  const overview = useQuery({
    queryKey: keys.overview,
    queryFn: readOverview,
    enabled: may('read_orders'),
    refetchInterval: 60_000,
  });
  const data = counts.data;
  return {
    dispatch: { figure: data?.unassigned ?? 0, isLate: false },
    orders: { figure: data?.overdue ?? 0, isLate: true },
    review: { figure: overview.data?.review_waiting ?? 0, isLate: false },
    exceptions: { figure: overview.data?.exceptions ?? 0, isLate: false },
  };
}

export function Rail({ onChosen }: { onChosen?: () => void }) {
  const { t } = useText();
  const may = useMay();
  const calls = useCalls();
  return (
    <>
      <div className="rail-brand">
        <img src="/favicon.svg" alt="" />
        <span className="rail-word">{t('app.name')}</span>
      </div>
      <nav aria-label={t('app.open_menu')}>
        {MENU.map((group) => {
          const pages = group.pages.filter((page) => may(page.permission));
          if (pages.length === 0) return null;
          return (
            <div key={group.name} className="rail-group">
              <div className="rail-group-name">{t(`app.${group.name}`)}</div>
              {pages.map((page) => {
                const call = calls[page.name];
                const name = t(`app.${page.name}`);
                return (
                  <NavLink key={page.name} to={page.path} title={name} onClick={onChosen}>
                    {page.icon}
                    <span className="rail-word">{name}</span>
                    {call !== undefined && call.figure > 0 && (
                      <span className={call.isLate ? 'rail-count is-late' : 'rail-count'}>
                        {call.figure > 999 ? '999+' : call.figure}
                      </span>
                    )}
                  </NavLink>
                );
              })}
            </div>
          );
        })}
      </nav>
    </>
  );
}
