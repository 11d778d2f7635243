// A verdict can be taken back for a few seconds, because archiving is for good. It is given when the time is
// over, with the next verdict, or when the desk is left; a browser that is closed before asks first.
import { App, Button } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { OrderDetail } from '@/api/contract';
import { useText } from '@/i18n';
import { orderCan } from '@/util/orderCan';

const HOLD_SECONDS = 6;
const NOTICE = 'held-verdict';

interface Held {
  order: OrderDetail;
  timer: number;
}

/**
 * `give` sends the verdict and tells what came of it. `hidden` are the orders whose verdict is held or on its
 * way: the queue leaves them out.
 */
export function useHeldVerdict(give: (order: OrderDetail) => Promise<void>) {
  const { notification } = App.useApp();
  const { t } = useText();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const held = useRef<Held | null>(null);
  const latest = useRef(give);
  latest.current = give;

  const show = useCallback(
    (id: string) => setHidden((before) => new Set([...before].filter((each) => each !== id))),
    [],
  );
  /** The one that is held is held no longer. */
  const release = useCallback((): OrderDetail | null => {
    const one = held.current;
    if (one === null) return null;
    held.current = null;
    window.clearTimeout(one.timer);
    notification.destroy(NOTICE);
    return one.order;
  }, [notification]);
  const settle = useCallback(() => {
    const order = release();
    if (order !== null) void latest.current(order).finally(() => show(order.id));
  }, [release, show]);

  /** Takes the held verdict back; gives the order it was about. */
  const undo = useCallback((): OrderDetail | null => {
    const order = release();
    if (order !== null) show(order.id);
    return order;
  }, [release, show]);

  const hold = (order: OrderDetail, onUndo: () => void) => {
    settle();
    held.current = { order, timer: window.setTimeout(settle, HOLD_SECONDS * 1_000) };
    setHidden((before) => new Set([...before, order.id]));
    notification.info({
      key: NOTICE,
      duration: 0,
      closable: false,
      placement: 'bottomLeft',
      title: t(orderCan(order, 'approve') ? 'review.will_approve' : 'review.will_archive'),
      description: order.order_number,
      actions: (
        <Button size="small" onClick={onUndo}>
          {t('order.undo', { seconds: HOLD_SECONDS })} <kbd>Z</kbd>
        </Button>
      ),
    });
  };

  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (held.current !== null) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
      settle();
    };
  }, [settle]);

  return { hidden, hold, undo };
}
