// The field record as the electrician filled it in.
import type { OrderDetail } from '@/api/contract';
import { Facts, Panel } from '@/components/Page';
import { useText } from '@/i18n';

export function RecordPanel({ order }: { order: OrderDetail }) {
  const { t, named, isChinese } = useText();
  const filled = order.record.filter((field) => field.value !== null);
  return (
    <Panel title={t('order.record')}>
      {filled.length === 0 ? (
        <p className="muted">{t('order.record_empty')}</p>
      ) : (
        <Facts items={filled.map((field) => [named(field), isChinese ? field.display : field.display_en])} />
      )}
    </Panel>
  );
}
