// The price list of paid services: every price with its basis, samples marked, forbidden items apart.
import type { PriceCatalogue, PricedItem } from '@/api/catalogues';
import { Empty } from '@/components/Empty';
import { Panel } from '@/components/Page';
import { PlainList } from '@/components/PlainList';
import { SampleMark } from '@/components/Words';
import { useText } from '@/i18n';
import { LineKind } from '@/i18n/words.gen';
import { money } from '@/util/format';
import { dayOfCount, mentions } from '@/util/search';
import { unitName } from '@/util/units';

export function PricesView({ prices, search }: { prices: PriceCatalogue; search: string }) {
  const { t, named, word, isChinese } = useText();
  const list = prices.lists.at(-1);
  return (
    <>
      {list !== undefined && (
        <Panel>
          <div className="row wrap">
            <strong>{list.version}</strong>
            {list.sample && <SampleMark />}
            <span>{t('settings.since', { day: dayOfCount(list.valid_from_day) })}</span>
            <span className="muted">{list.basis}</span>
          </div>
        </Panel>
      )}
      <div className="whole-list">
        <PlainList<PricedItem>
          label={t('settings.price_list')}
          rows={prices.items.filter((item) => mentions(item, search))}
          rowKey="code"
          problem={null}
          pageSize={100}
          empty={<Empty title={t('settings.none')} />}
          columns={[
            {
              key: 'code',
              title: t('settings.code'),
              render: (_, row) => <span className="mono">{row.code}</span>,
            },
            { key: 'kind', title: t('settings.kind'), render: (_, row) => word(LineKind, row.line_kind) },
            { key: 'name', title: t('settings.name'), render: (_, row) => named(row) },
            { key: 'spec', title: '', render: (_, row) => <span className="faint">{row.spec}</span> },
            { key: 'unit', title: t('settings.unit'), render: (_, row) => unitName(row.unit, isChinese) },
            {
              key: 'price',
              title: t('settings.price'),
              align: 'right',
              render: (_, row) => money(row.unit_price_fen),
            },
            {
              key: 'sample',
              title: '',
              render: (_, row) => (row.sample || list?.sample === true) && <SampleMark />,
            },
          ]}
        />
      </div>
      <Panel title={t('settings.forbidden')}>
        <ul className="reasons">
          {prices.forbidden
            .filter((item) => mentions(item, search))
            .map((item) => (
              <li key={item.code}>
                {named(item)} <span className="faint">{item.source}</span>
              </li>
            ))}
        </ul>
      </Panel>
    </>
  );
}
