// The actions the lifecycle table allows now. A disabled one says why; one that needs more opens a drawer.
import { Button, Tooltip } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { CommandView, OrderDetail } from '@/api/contract';
import { useMay } from '@/app/session';
import { useText } from '@/i18n';
import type { Command } from '@/i18n/words.gen';
import { CONSOLE_COMMANDS, commandOf, whyClosed } from '@/util/orderCan';
import { paths } from '@/util/paths';
import { ActionDrawer, NEEDS_FORM } from './ActionDrawer';
import { EditOrderDrawer } from './EditOrderDrawer';
import { useOrderActions } from './useOrderActions';

const DANGER: readonly Command[] = ['cancel', 'reject'];

export function OrderActions({ order }: { order: OrderDetail }) {
  const { t, named, isChinese } = useText();
  const may = useMay();
  const navigate = useNavigate();
  const { give, tell } = useOrderActions();
  const [open, setOpen] = useState<Command | null>(null);
  const [busy, setBusy] = useState<Command | null>(null);
  const entries = CONSOLE_COMMANDS.map((command) => commandOf(order, command)).filter(
    (entry): entry is CommandView => entry !== undefined,
  );
  const allowed = entries.filter((entry) => entry.is_allowed);
  const others = entries.filter((entry) => !entry.is_allowed);
  const primary = allowed.find((entry) => !DANGER.includes(entry.command))?.command;

  const press = async (command: Command) => {
    if (command === 'dispatch' && may('dispatch_orders')) {
      void navigate(`${paths.dispatch}?order=${order.id}`);
      return;
    }
    if (NEEDS_FORM.has(command)) {
      setOpen(command);
      return;
    }
    setBusy(command);
    try {
      await give(order, command);
    } catch (thrown) {
      tell(thrown);
    } finally {
      setBusy(null);
    }
  };

  const button = (entry: CommandView) => (
    <Tooltip key={entry.command} placement="left" title={whyClosed(entry, isChinese)}>
      <Button
        block
        type={entry.command === primary ? 'primary' : 'default'}
        danger={entry.is_allowed && DANGER.includes(entry.command)}
        disabled={!entry.is_allowed}
        loading={busy === entry.command}
        onClick={() => void press(entry.command)}
      >
        {named(entry)}
      </Button>
    </Tooltip>
  );
  return (
    <div className="order-actions">
      {allowed.length === 0 && <p className="muted">{t('order.no_actions')}</p>}
      {allowed.map(button)}
      {others.length > 0 && (
        <details>
          <summary className="muted">{t('order.other_actions')}</summary>
          <div className="order-actions">{others.map(button)}</div>
        </details>
      )}
      {open === 'edit' && <EditOrderDrawer order={order} onClose={() => setOpen(null)} />}
      {open !== null && open !== 'edit' && (
        <ActionDrawer order={order} command={open} onClose={() => setOpen(null)} />
      )}
    </div>
  );
}
