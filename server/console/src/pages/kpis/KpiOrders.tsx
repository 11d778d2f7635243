// The orders behind a number, each with the reason why it was counted.
import { Button, Drawer, Skeleton } from 'antd';
import { Link } from 'react-router';
import type { KpiView } from '@/api/contract';
import { keys } from '@/api/keys';
import { type Counted, type KpiQuery, listKpiOrders } from '@/api/numbers';
import { Problem } from '@/components/Problem';
import { KindGlyph, StateTag } from '@/components/Words';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { count, dateTime } from '@/util/format';
import { paths } from '@/util/paths';
import { type Period, periodLabel } from '@/util/period';

interface Props {
  kpi: KpiView;
  counted: Counted;
  period: Period;
  query: KpiQuery;
  onClose: () => void;
}

export function KpiOrders({ kpi, counted, period, query, onClose }: Props) {
  const { t, named, isChinese } = useText();
  const paged = usePaged({
    queryKey: [...keys.kpis, 'orders', kpi.kpi, counted, query],
    fetchPage: (cursor) => listKpiOrders(kpi.kpi, query, counted, cursor),
    rowsOf: (page) => page.work_orders,
  });
  return (
    <Drawer
      open
      size={720}
      title={t('kpis.behind', { kpi: named(kpi), counted: t(`kpis.${counted}`) })}
      onClose={onClose}
    >
      <div className="col">
        <p className="muted">
          {t('kpis.behind_note', {
            period: periodLabel(period),
            total: count(paged.total ?? paged.rows.length),
          })}
        </p>
        <p className="faint">{isChinese ? kpi.formula_zh : kpi.formula_en}</p>
        {paged.problem !== null && <Problem problem={paged.problem} onRetry={paged.reload} />}
        {paged.isLoading && <Skeleton active paragraph={{ rows: 8 }} />}
        {!paged.isLoading && paged.rows.length === 0 && <p className="muted">{t('kpis.empty')}</p>}
        <ul className="order-lines">
          {paged.rows.map((order) => (
            <li key={order.id}>
              <Link to={paths.order(order.id)}>
                <KindGlyph kind={order.kind} />
                <span className="mono nowrap">{order.order_number}</span>
                <StateTag state={order.state} />
                <span className="clip grow">
                  {isChinese ? order.why : order.why_en}
                  <span className="faint"> · {order.content}</span>
                </span>
                <span className="faint nowrap">{dateTime(order.taken_in_at_ms)}</span>
              </Link>
            </li>
          ))}
        </ul>
        {paged.hasMore && (
          <Button loading={paged.isLoadingMore} onClick={paged.loadMore}>
            {t('common.load_more')}
          </Button>
        )}
      </div>
    </Drawer>
  );
}
