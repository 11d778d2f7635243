// The field record as the electrician filled it in.
import type { OrderDetail } from '@/api/contract';
import { Facts, Panel } from '@/components/Page';
import { useText } from '@/i18n';

export function RecordPanel({ order }: { order: OrderDetail }) {
  const { t, named } = useText();
  return (
    <Panel title={t('order.record')}>
      {order.record.length === 0 ? (
        <p className="muted">{t('order.record_empty')}</p>
      ) : (
        <Facts
          items={order.record.map((field) => [
            named(field),
            field.unit === null || field.unit === '' ? field.display : `${field.display} ${field.unit}`,
          ])}
        />
      )}
    </Panel>
  );
}
