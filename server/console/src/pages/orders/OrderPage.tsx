// One order: what, who, where, how long left, what next. Reads the order once and hands it to panels.
import { ArrowLeftOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import type { OrderDetail, Personal } from '@/api/contract';
import { keys } from '@/api/keys';
import { readOrder, unmask } from '@/api/orders';
import { useMay } from '@/app/session';
import { Duplicates } from '@/components/Duplicates';
import { Page, Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { useKeys } from '@/hooks/useKeys';
import { useText } from '@/i18n';
import { paths } from '@/util/paths';
import { ProofPanel } from '../labels/ProofPanel';
import { AuditPanel } from './AuditPanel';
import { CardPanel } from './CardPanel';
import { CostPanel } from './CostPanel';
import { DispatchPanel } from './DispatchPanel';
import { EvidenceWall } from './EvidenceWall';
import { CustomerPanel, PlacePanel, RequestPanel } from './FactPanels';
import { OrderActions } from './OrderActions';
import { OrderHead } from './OrderHead';
import { RecordPanel } from './RecordPanel';
import { TimeLine } from './TimeLine';

export default function OrderPage() {
  const { id = '' } = useParams();
  const { t } = useText();
  const navigate = useNavigate();
  const query = useQuery({ queryKey: keys.order(id), queryFn: () => readOrder(id) });
  const back = () => void (window.history.length > 1 ? navigate(-1) : navigate(paths.orders));
  useKeys({ Escape: back });
  const order = query.data;
  return (
    <Page
      title={order?.order_number ?? t('orders.title')}
      tools={
        <Button icon={<ArrowLeftOutlined />} onClick={back}>
          {t('order.back')}
        </Button>
      }
    >
      {query.error !== null && <Problem problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <Skeleton active paragraph={{ rows: 12 }} />}
      {order !== undefined && <OrderBody order={order} />}
    </Page>
  );
}

function OrderBody({ order }: { order: OrderDetail }) {
  const { t } = useText();
  const may = useMay();
  const [personal, setPersonal] = useState<Personal | null>(null);
  // Personal data is forgotten with the order it was asked for.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => setPersonal(null), [order.id]);
  const askPersonal = may('unmask_customers')
    ? async (reason: string) => setPersonal(await unmask(order.id, reason))
    : null;
  return (
    <>
      <OrderHead order={order} />
      <Duplicates order={order} />
      <div className="order-grid">
        <div className="order-main">
          <div className="order-facts">
            <RequestPanel order={order} />
            <CustomerPanel order={order} personal={personal} onUnmask={askPersonal} />
            <PlacePanel order={order} />
          </div>
          <div className="order-columns">
            <TimeLine order={order} />
            <div className="col" style={{ gap: 12 }}>
              <EvidenceWall order={order} />
              <RecordPanel order={order} />
            </div>
            <div className="col" style={{ gap: 12 }}>
              <ProofPanel order={order} />
              <CardPanel order={order} />
              <CostPanel order={order} />
              <DispatchPanel order={order} />
            </div>
          </div>
          {may('read_audit') && <AuditPanel orderId={order.id} />}
        </div>
        <aside className="order-side">
          <Panel title={t('order.actions')}>
            <OrderActions order={order} />
          </Panel>
        </aside>
      </div>
    </>
  );
}
