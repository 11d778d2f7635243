// Call-backs: finished orders whose customers are to be asked. The number is shown only with a reason.
import { App } from 'antd';
import { useState } from 'react';
import type { OrderSummary } from '@/api/contract';
import { keys } from '@/api/keys';
import { listCallbacksDue } from '@/api/orders';
import { Empty } from '@/components/Empty';
import { ListTable } from '@/components/ListTable';
import { Page } from '@/components/Page';
import { usePaged } from '@/hooks/usePaged';
import { useText } from '@/i18n';
import { useOrderColumns } from '@/pages/orders/columns';
import { CallbackDrawer } from './CallbackDrawer';

export default function CallbacksPage() {
  const { t } = useText();
  const { message } = App.useApp();
  const [current, setCurrent] = useState<OrderSummary | null>(null);
  const paged = usePaged({
    queryKey: keys.callbacks,
    fetchPage: (cursor) => listCallbacksDue(cursor),
    rowsOf: (page) => page.work_orders,
  });
  const columns = useOrderColumns([
    'number',
    'kind',
    'state',
    'content',
    'customer',
    'place',
    'assignee',
    'submitted_at',
  ]);
  return (
    <Page
      isFixed
      title={t('callbacks.title')}
      tools={<span className="faint hide-narrow">{t('callbacks.hint')}</span>}
    >
      <ListTable<OrderSummary>
        label={t('callbacks.title')}
        paged={paged}
        columns={columns}
        onOpen={setCurrent}
        empty={<Empty title={t('callbacks.empty')} note={t('callbacks.empty_note')} />}
      />
      {current !== null && (
        <CallbackDrawer
          order={current}
          onClose={() => setCurrent(null)}
          onDone={() => void message.success(t('callbacks.done'))}
        />
      )}
    </Page>
  );
}
