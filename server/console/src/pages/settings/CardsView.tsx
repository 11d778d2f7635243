// Operation cards: what a job consists of, its hazard points, tools and materials.
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { type CardItem, type OperationCard, readCatalogue } from '@/api/catalogues';
import { keys } from '@/api/keys';
import { Empty } from '@/components/Empty';
import { Panel } from '@/components/Page';
import { KindGlyph, SampleMark } from '@/components/Words';
import { useText } from '@/i18n';
import { CardStage } from '@/i18n/words.gen';
import { quantity } from '@/pages/orders/CostPanel';
import { mentions } from '@/util/search';
import { unitName } from '@/util/units';

export function CardsView({ cards, search }: { cards: readonly OperationCard[]; search: string }) {
  const { t, named } = useText();
  const [params, setParams] = useSearchParams();
  const chosen = params.get('card');
  const choose = (id: string) => setParams({ card: id }, { replace: true });
  const found = cards.filter((card) => mentions(card, search));
  const card = found.find((each) => each.id === chosen) ?? found[0];
  if (card === undefined) return <Empty title={t('settings.none')} />;
  return (
    <div className="catalogue">
      <section className="panel catalogue-list">
        {found.map((each) => (
          <button
            key={each.id}
            type="button"
            aria-pressed={each.id === card.id}
            className={each.id === card.id ? 'is-current' : ''}
            onClick={() => choose(each.id)}
          >
            <KindGlyph kind={each.kind} />
            <span className="grow">{named(each.title)}</span>
            {each.sample && <SampleMark />}
          </button>
        ))}
      </section>
      <Card card={card} />
    </div>
  );
}

function Card({ card }: { card: OperationCard }) {
  const { t, named, word } = useText();
  return (
    <div className="col" style={{ gap: 12 }}>
      <Panel
        title={named(card.title)}
        tools={
          <>
            <span className="faint">
              {card.id} · {t('settings.version')} {card.version}
            </span>
            {card.sample && <SampleMark />}
          </>
        }
      >
        <p>{named(card.scope)}</p>
        <p className="faint">{t('settings.source_of', { source: card.source })}</p>
      </Panel>
      <Panel title={t('settings.hazards')}>
        <table className="plain-table">
          <tbody>
            {card.hazards.map((hazard) => (
              <tr key={hazard.name.zh}>
                <td className="tone-late nowrap">⚠ {named(hazard.name)}</td>
                <td>
                  {named(hazard.action)}
                  <div className="faint">{named(hazard.standard)}</div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <Panel title={t('settings.procedure')}>
        <table className="plain-table">
          <tbody>
            {card.steps.map((step) => (
              <tr key={step.no}>
                <td className="num faint">{step.no}</td>
                <td className="muted nowrap">{word(CardStage, step.stage)}</td>
                <td>
                  {named(step.text)}
                  <div className="faint">{named(step.standard)}</div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Panel>
      <div className="pair">
        <Items title={t('settings.tools')} items={card.tools} />
        <Items title={t('settings.materials')} items={card.materials} />
      </div>
    </div>
  );
}

function Items({ title, items }: { title: string; items: readonly CardItem[] }) {
  const { t, named, isChinese } = useText();
  const prices = useQuery({
    queryKey: keys.catalogue('price_list'),
    queryFn: () => readCatalogue('price_list'),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const known = new Map((prices.data?.items ?? []).map((item) => [item.code, item]));
  return (
    <Panel title={title}>
      {items.length === 0 && <p className="muted">{t('common.none')}</p>}
      <ul className="reasons">
        {items.map((item) => {
          const entry = known.get(item.code);
          return (
            <li key={item.code}>
              {entry === undefined ? item.code : named(entry)} × {quantity(item.quantity_milli)}{' '}
              {entry === undefined ? '' : unitName(entry.unit, isChinese)}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
