// Small signs used everywhere: kind with glyph, state, urgency, hazard, sample data, online dot.
import { Tooltip } from 'antd';
import { useText } from '@/i18n';
import { OrderKind, OrderState, Urgency } from '@/i18n/words.gen';
import { KIND_HUE, STATE_HUE } from '@/ui/theme';

/** One character per kind, the same on phone and console. */
const KIND_GLYPH: Record<OrderKind, string> = {
  fault_repair: '抢',
  new_connection: '扩',
  meter_change: '表',
  acceptance_energization: '送',
  bill_collection: '费',
  safety_inspection: '安',
  contract_inspection: '约',
  ad_hoc: '临',
};

export function KindGlyph({ kind, isLarge = false }: { kind: OrderKind; isLarge?: boolean }) {
  return (
    <span
      className={isLarge ? 'kind-glyph is-large' : 'kind-glyph'}
      style={{ background: KIND_HUE[kind] }}
      aria-hidden="true"
    >
      {KIND_GLYPH[kind]}
    </span>
  );
}

export function KindName({ kind }: { kind: OrderKind }) {
  const { word } = useText();
  return (
    <span className="kind">
      <KindGlyph kind={kind} />
      <span className="clip">{word(OrderKind, kind)}</span>
    </span>
  );
}

export function StateTag({ state }: { state: OrderState }) {
  const { word } = useText();
  return <span className={`state state-${STATE_HUE[state]}`}>{word(OrderState, state)}</span>;
}

/** Nothing for ordinary orders; hazard is loud. */
export function UrgencyMark({ urgency }: { urgency: Urgency }) {
  const { word } = useText();
  if (urgency === 'normal') return null;
  if (urgency === 'hazard') return <span className="hazard">⚠ {word(Urgency, urgency)}</span>;
  return <span className="urgency">{word(Urgency, urgency)}</span>;
}

export function SampleMark() {
  const { t } = useText();
  return (
    <Tooltip title={t('common.sample_note')}>
      <span className="sample-mark">{t('common.sample')}</span>
    </Tooltip>
  );
}

/** The dot alone, where words have no room; read out by its name. */
export function OnlineDot({ isOnline }: { isOnline: boolean }) {
  const { t } = useText();
  const name = t(isOnline ? 'common.online' : 'common.offline');
  return (
    <>
      <i className={isOnline ? 'dot is-on' : 'dot'} title={name} aria-hidden="true" />
      <span className="visually-hidden">{name}</span>
    </>
  );
}
