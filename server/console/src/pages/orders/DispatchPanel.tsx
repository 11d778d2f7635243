// Why this person: each dispatch decision with the reasons it was made from; call-backs below.
import type { DispatchDecision, OrderDetail } from '@/api/contract';
import { Panel } from '@/components/Page';
import { ShortTime } from '@/components/Time';
import { useText } from '@/i18n';
import { Satisfaction } from '@/i18n/words.gen';

const MODES = ['nearest', 'jurisdiction', 'manual', 'automatic'] as const;

function Chosen({ decision }: { decision: DispatchDecision }) {
  const { t, named } = useText();
  const chosen = decision.candidates.find((each) => each.staff_id === decision.chosen_staff_id);
  const mode = MODES.find((each) => each === decision.mode);
  return (
    <div className="col" style={{ gap: 2 }}>
      <div className="row wrap">
        <strong>{decision.chosen_name}</strong>
        <span className="faint">{mode === undefined ? decision.mode : t(`order.mode_${mode}`)}</span>
        <span className="faint">{decision.decided_by}</span>
        <ShortTime ms={decision.at_ms} />
      </div>
      <ul className="reasons">
        {(chosen?.reasons ?? []).map((reason) => (
          <li key={reason.code}>{named(reason)}</li>
        ))}
        {(chosen?.blockers ?? []).map((reason) => (
          <li key={reason.code} className="tone-soon">
            {named(reason)}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function DispatchPanel({ order }: { order: OrderDetail }) {
  const { t, word } = useText();
  if (order.dispatch_decisions.length === 0 && order.callbacks.length === 0) return null;
  return (
    <>
      {order.dispatch_decisions.length > 0 && (
        <Panel title={t('order.dispatch_reasons')}>
          <div className="col">
            {[...order.dispatch_decisions].reverse().map((decision) => (
              <Chosen key={decision.at_ms} decision={decision} />
            ))}
          </div>
        </Panel>
      )}
      {order.callbacks.length > 0 && (
        <Panel title={t('order.callbacks')}>
          {order.callbacks.map((call) => (
            <div key={call.at_ms} className="col" style={{ gap: 2 }}>
              <div className="row wrap">
                <ShortTime ms={call.at_ms} />
                <span>{call.by_name}</span>
                <span>{t(call.is_reached ? 'order.callback_reached' : 'order.callback_missed')}</span>
                {call.satisfaction !== null && <strong>{word(Satisfaction, call.satisfaction)}</strong>}
              </div>
              {call.note !== null && <div className="muted">{call.note}</div>}
            </div>
          ))}
        </Panel>
      )}
    </>
  );
}
