// The do-not-miss bar for new hazard orders, and the button that turns it on. Opt-in, per computer.
import { AlertOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { keys } from '@/api/keys';
import { subscribeOrders } from '@/api/live';
import { listOrders, readOrder } from '@/api/orders';
import { useText } from '@/i18n';
import { withoutLabel } from '@/util/content';
import { EMPTY_QUEUE, heard, knowing, noted } from '@/util/hazardQueue';
import { paths } from '@/util/paths';
import { askForNotices, notify, ring } from './hazardBell';
import { setPreferences, usePreferences } from './preferences';

export function HazardBar() {
  const { hasHazardNotice } = usePreferences();
  return hasHazardNotice ? <Bar /> : null;
}

/** The hazards that are open now; a failed look means that they may ring once. */
async function openHazards(signal: AbortSignal): Promise<string[]> {
  try {
    const page = await listOrders({ is_open: true, urgency: 'hazard' }, null, signal, 200);
    return page.work_orders.map((order) => order.id);
  } catch {
    return [];
  }
}

function Bar() {
  const { t } = useText();
  const [queue, setQueue] = useState(EMPTY_QUEUE);
  const latest = useRef(queue);
  useEffect(() => {
    const abort = new AbortController();
    void openHazards(abort.signal).then((ids) => {
      latest.current = knowing(latest.current, ids);
    });
    return () => abort.abort();
  }, []);
  useEffect(
    () =>
      subscribeOrders((notice) => {
        const next = heard(latest.current, notice);
        if (next === latest.current) return;
        latest.current = next;
        setQueue(next);
        ring();
        notify(t('hazard.sound'));
      }),
    [t],
  );
  const note = (ids: readonly string[]) => {
    latest.current = noted(latest.current, ids);
    setQueue(latest.current);
  };
  if (queue.waiting.length === 0) return null;
  return (
    <div className="hazard-bar" role="alert">
      <strong>
        <AlertOutlined /> {t('hazard.arrived')}
      </strong>
      {queue.waiting.map((id) => (
        <Waiting key={id} id={id} onNoted={() => note([id])} />
      ))}
      {queue.waiting.length > 1 && (
        <button type="button" onClick={() => note(queue.waiting)}>
          {t('hazard.seen_all')}
        </button>
      )}
    </div>
  );
}

function Waiting({ id, onNoted }: { id: string; onNoted: () => void }) {
  const { t } = useText();
  const order = useQuery({ queryKey: keys.order(id), queryFn: () => readOrder(id) }).data;
  return (
    <span className="row">
      <Link to={paths.order(id)} onClick={onNoted}>
        {order === undefined
          ? t('hazard.look')
          : `${order.order_number} ${withoutLabel(order.content).slice(0, 24)}`}
      </Link>
      <button type="button" onClick={onNoted}>
        {t('hazard.seen')}
      </button>
    </span>
  );
}

export function HazardButton() {
  const { t } = useText();
  const { message } = App.useApp();
  const { hasHazardNotice } = usePreferences();
  const name = t(hasHazardNotice ? 'hazard.off' : 'hazard.on');
  const toggle = async () => {
    if (hasHazardNotice) {
      setPreferences({ hasHazardNotice: false });
      return;
    }
    setPreferences({ hasHazardNotice: true });
    ring();
    const isAllowed = await askForNotices();
    void message.info(t(isAllowed ? 'hazard.on_done' : 'hazard.on_blocked'), 6);
  };
  return (
    <Button
      type="text"
      className={hasHazardNotice ? 'is-on' : ''}
      icon={<AlertOutlined />}
      aria-label={name}
      aria-pressed={hasHazardNotice}
      title={name}
      onClick={() => void toggle()}
    />
  );
}
