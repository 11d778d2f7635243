// The cost sheet as the server computed it.
import type { OrderDetail } from '@/api/contract';
import { Panel } from '@/components/Page';
import { SampleMark } from '@/components/Words';
import { useText } from '@/i18n';
import { money } from '@/util/format';
import { unitName } from '@/util/units';

/** Thousandths → `2`, `1.5`, `0.125`. */
export function quantity(milli: number): string {
  const text = (milli / 1000).toFixed(3);
  return text.replace(/\.?0+$/, '');
}

export function CostPanel({ order }: { order: OrderDetail }) {
  const { t, isChinese } = useText();
  const sheet = order.cost_sheet;
  return (
    <Panel title={t('order.cost')} tools={sheet?.sample === true && <SampleMark />}>
      {sheet === null || sheet.lines.length === 0 ? (
        <p className="muted">{t('order.cost_empty')}</p>
      ) : (
        <table className="plain-table">
          <thead>
            <tr>
              <th>{t('order.cost_item')}</th>
              <th className="num">{t('order.cost_quantity')}</th>
              <th className="num">{t('order.cost_amount')}</th>
            </tr>
          </thead>
          <tbody>
            {sheet.lines.map((line) => (
              <tr key={line.code}>
                <td title={line.code}>{isChinese ? line.name : line.name_en}</td>
                <td className="num nowrap">
                  {quantity(line.quantity_milli)} {unitName(line.unit, isChinese)}
                </td>
                <td className="num">{money(line.amount_fen)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th colSpan={2}>{t('order.cost_total')}</th>
              <th className="num">{money(sheet.total_fen)}</th>
            </tr>
          </tfoot>
        </table>
      )}
    </Panel>
  );
}
