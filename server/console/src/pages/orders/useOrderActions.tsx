// Giving commands to an order: fills in the version, refreshes what changed, offers undo after a
// dispatch, and turns "somebody was faster" into a fresh order instead of an overwrite.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useCallback } from 'react';
import type { OrderDetail } from '@/api/contract';
import { ApiProblem, processServerError } from '@/api/errors';
import { keys } from '@/api/keys';
import { act } from '@/api/orders';
import { useText } from '@/i18n';
import type { Command } from '@/i18n/words.gen';

const UNDO_SECONDS = 10;

export type Give = (
  order: { id: string; version: number },
  command: Command,
  fields?: Record<string, unknown>,
) => Promise<OrderDetail>;

export function useOrderActions() {
  const client = useQueryClient();
  const { notification, message } = App.useApp();
  const { t, isChinese } = useText();

  const refresh = useCallback(
    (id: string) => {
      void client.invalidateQueries({ queryKey: keys.orders });
      void client.invalidateQueries({ queryKey: keys.order(id) });
      void client.invalidateQueries({ queryKey: keys.overview });
    },
    [client],
  );

  /** Gives the command; the caller shows the failure where the person is looking. */
  const give: Give = useCallback(
    async (order, command, fields = {}) => {
      try {
        const changed = await act(order, command, fields);
        client.setQueryData(keys.order(order.id), changed);
        refresh(order.id);
        return changed;
      } catch (thrown) {
        if (thrown instanceof ApiProblem && thrown.code === 'S-409-VERSION') refresh(order.id);
        throw thrown;
      }
    },
    [client, refresh],
  );

  /** A failure with no field to stand at: a toast with code and sentence. */
  const tell = useCallback(
    (thrown: unknown) => {
      const shown = processServerError(thrown, isChinese);
      const isConflict = thrown instanceof ApiProblem && thrown.code === 'S-409-VERSION';
      void message.error(
        isConflict
          ? `${t('order.conflict')}。${t('order.conflict_note')}`
          : `${shown.code} ${shown.sentence}`,
        6,
      );
    },
    [message, isChinese, t],
  );

  /** After a dispatch, or after a draft was cancelled: ten seconds to take it back. */
  const offerUndo = useCallback(
    (order: OrderDetail) => {
      const key = `undo-${order.id}`;
      const isCancelled = order.state === 'cancelled';
      const undo = async () => {
        notification.destroy(key);
        try {
          await give(order, isCancelled ? 'restore' : 'recall');
          void message.success(t(isCancelled ? 'order.restore_done' : 'order.recall_done'));
        } catch (thrown) {
          tell(thrown);
        }
      };
      notification.success({
        key,
        duration: UNDO_SECONDS,
        placement: 'bottomLeft',
        title: isCancelled
          ? t('order.done_cancel')
          : t('order.done_dispatch', { name: order.assignee_name ?? '' }),
        description: order.order_number,
        actions: (
          <Button size="small" onClick={() => void undo()}>
            {t('order.undo', { seconds: UNDO_SECONDS })}
          </Button>
        ),
      });
    },
    [give, message, notification, t, tell],
  );

  return { give, tell, offerUndo };
}
