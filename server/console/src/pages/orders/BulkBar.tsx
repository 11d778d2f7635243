// What can be done with the marked orders: to the best for each, all to one person, cancel.
import { Button } from 'antd';
import { useState } from 'react';
import type { OrderSummary } from '@/api/contract';
import { useMay } from '@/app/session';
import { useText } from '@/i18n';
import { orderCan } from '@/util/orderCan';
import { BulkDrawer, type BulkTask } from './BulkDrawer';

interface Props {
  orders: readonly OrderSummary[];
  onClear: () => void;
}

export function BulkBar({ orders, onClear }: Props) {
  const { t } = useText();
  const may = useMay();
  const [task, setTask] = useState<BulkTask | null>(null);
  // The drawer keeps the orders it was opened with: their rows change as it works.
  const [taken, setTaken] = useState<readonly OrderSummary[]>([]);
  const begin = (next: BulkTask) => {
    setTaken(orders);
    setTask(next);
  };
  if (!may('dispatch_orders')) return null;
  const sendable = orders.filter((order) => orderCan(order, 'dispatch')).length;
  const cancellable = orders.filter((order) => orderCan(order, 'cancel')).length;
  return (
    <>
      {orders.length > 0 && (
        <section className="bulk-bar" aria-label={t('bulk.title')}>
          <strong>{t('bulk.chosen', { count: orders.length })}</strong>
          <Button size="small" type="primary" disabled={sendable === 0} onClick={() => begin('best')}>
            {t('bulk.best', { count: sendable })}
          </Button>
          <Button size="small" disabled={sendable === 0} onClick={() => begin('person')}>
            {t('bulk.person', { count: sendable })}
          </Button>
          <Button size="small" danger disabled={cancellable === 0} onClick={() => begin('cancel')}>
            {t('bulk.cancel', { count: cancellable })}
          </Button>
          <span className="grow" />
          <Button size="small" type="link" onClick={onClear}>
            {t('bulk.clear')}
          </Button>
        </section>
      )}
      {task !== null && (
        <BulkDrawer
          task={task}
          orders={taken}
          onClose={(isWhole) => {
            setTask(null);
            if (isWhole) onClear();
          }}
        />
      )}
    </>
  );
}
