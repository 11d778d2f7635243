// The operation card (作业指导卡) of the order: hazard points with their control, and the steps. The card is
// the one the job was begun with, else the one that fits; its text comes from the catalogue.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { type OperationCard, readCatalogue } from '@/api/catalogues';
import type { OrderDetail } from '@/api/contract';
import { keys } from '@/api/keys';
import { useMay } from '@/app/session';
import { Panel } from '@/components/Page';
import { SampleMark } from '@/components/Words';
import { useText } from '@/i18n';
import { CardStage } from '@/i18n/words.gen';
import { paths } from '@/util/paths';

export function CardPanel({ order }: { order: OrderDetail }) {
  const { t, isChinese } = useText();
  const may = useMay();
  const cards = useQuery({
    queryKey: keys.catalogue('operation_cards'),
    queryFn: () => readCatalogue('operation_cards'),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: may('read_catalogues'),
  });
  const { card: named } = order;
  if (named === null) {
    return (
      <Panel title={t('order.card')}>
        <p className="muted">{t('order.card_none')}</p>
      </Panel>
    );
  }
  const card = cards.data?.find((each) => each.id === named.id);
  return (
    <Panel title={t('order.card')} tools={card?.sample === true && <SampleMark />}>
      <div className="row wrap">
        <strong>{isChinese ? named.title : named.title_en}</strong>
        <span className="faint">
          {t('order.card_version', { version: named.version })}
          {card !== undefined && ` · ${t('order.card_people', { people: card.crew.min_people })}`}
        </span>
      </div>
      {card !== undefined && card.version !== named.version && (
        <p className="tone-soon">{t('order.card_old', { begun: named.version, now: card.version })}</p>
      )}
      {card !== undefined && <Body card={card} />}
      {may('read_catalogues') && (
        <Link to={`${paths.settingsPage('operation_cards')}?card=${encodeURIComponent(named.id)}`}>
          {t('order.card_open')}
        </Link>
      )}
    </Panel>
  );
}

function Body({ card }: { card: OperationCard }) {
  const { t, named, word } = useText();
  return (
    <>
      <ul className="card-hazards">
        {card.hazards.map((hazard) => (
          <li key={hazard.name.zh}>
            <span className="tone-late">⚠ {named(hazard.name)}</span>
            <div className="muted">{named(hazard.action)}</div>
          </li>
        ))}
      </ul>
      <details className="why">
        <summary>{t('order.card_steps', { count: card.steps.length })}</summary>
        <ol className="card-steps">
          {card.steps.map((step) => (
            <li key={step.no}>
              <span className="faint">{word(CardStage, step.stage)}</span> {named(step.text)}
            </li>
          ))}
        </ol>
      </details>
    </>
  );
}
