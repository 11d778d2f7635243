// One number: figure, the two counts behind it (each opens its orders), change against the last period.
import type { KpiView } from '@/api/contract';
import type { Counted } from '@/api/numbers';
import { useText } from '@/i18n';
import { count, shortCount } from '@/util/format';
import { kpiChange, kpiFigure } from '@/util/kpi';

interface Props {
  view: KpiView;
  isChosen: boolean;
  onChoose: () => void;
  onShow: (part: Counted) => void;
}

function Change({ view }: { view: KpiView }) {
  const { t, isChinese } = useText();
  if (view.value === null) return null;
  // A count is never null: no last period shows by its empty denominator.
  if (view.previous_value === null || (view.unit === 'count' && view.previous_value === 0))
    return <span className="faint">{t('kpis.compared_none')}</span>;
  const change = kpiChange(view.unit, view.value, view.previous_value, isChinese);
  if (change === null) return <span className="faint">{t('kpis.compared_same')}</span>;
  const isUp = view.value > view.previous_value;
  const isWorse = view.higher_is_better !== null && isUp !== view.higher_is_better;
  return <span className={isWorse ? 'tone-soon' : 'faint'}>{t('kpis.compared', { change })}</span>;
}

export function KpiTile({ view, isChosen, onChoose, onShow }: Props) {
  const { t, named, isChinese } = useText();
  const isRate = view.unit === 'basis_points';
  const formula = isChinese ? view.formula_zh : view.formula_en;
  return (
    <section
      className={isChosen ? 'panel kpi-tile is-chosen' : 'panel kpi-tile'}
      title={`${t('kpis.formula')}: ${formula}`}
    >
      <button type="button" className="stat" aria-pressed={isChosen} onClick={onChoose}>
        <span className="stat-name">{named(view)}</span>
        <span className="stat-figure">
          {view.value === null ? (
            <span className="kpi-none">{t('kpis.no_data')}</span>
          ) : (
            kpiFigure(view.unit, view.value, isChinese)
          )}
        </span>
        <span className="stat-note">
          <Change view={view} />
        </span>
      </button>
      <div className="kpi-parts">
        {isRate && (
          <button
            type="button"
            title={`${t('kpis.numerator')} ${count(view.numerator)}`}
            disabled={view.numerator === 0}
            onClick={() => onShow('numerator')}
          >
            {t('kpis.part_numerator')} <b>{shortCount(view.numerator, isChinese)}</b>
          </button>
        )}
        <button
          type="button"
          title={`${t('kpis.denominator')} ${count(view.denominator)}`}
          disabled={view.denominator === 0}
          onClick={() => onShow('denominator')}
        >
          {t('kpis.part_denominator')} <b>{shortCount(view.denominator, isChinese)}</b>
        </button>
        {isRate && view.denominator > view.numerator && (
          <button
            type="button"
            className={view.higher_is_better === true ? 'tone-soon' : ''}
            onClick={() => onShow('missed')}
          >
            {t(view.higher_is_better === true ? 'kpis.missed' : 'kpis.rest')}{' '}
            <b>{shortCount(view.denominator - view.numerator, isChinese)}</b>
          </button>
        )}
      </div>
    </section>
  );
}
