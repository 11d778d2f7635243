// What was proven at each step of an order and how strong it is; and the one-time code for a customer.
import { useMutation } from '@tanstack/react-query';
import { Button } from 'antd';
import type { OrderDetail } from '@/api/contract';
import { sendConsentCode } from '@/api/labels';
import { useMay } from '@/app/session';
import { Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { ShortTime } from '@/components/Time';
import { useText } from '@/i18n';
import { ConsentStep, LabelVerdict, Proof, ProofStrength } from '@/i18n/words.gen';

type ProofView = OrderDetail['proofs'][number];
type Flag = 'place_far' | 'other_meter' | 'void_later' | 'double_use' | 'wrong_before';

/** States in which a customer can still be asked. */
const OPEN = ['dispatched', 'reassigned', 'accepted', 'arrived', 'working', 'suspended', 'rejected'];

export function ProofPanel({ order }: { order: OrderDetail }) {
  const { t } = useText();
  const may = useMay();
  const canSend = may('write_intake') && OPEN.includes(order.state) && order.customer_id !== null;
  if (order.proofs.length === 0 && !canSend) return null;
  return (
    <Panel title={t('labels.proofs')}>
      {order.proofs.map((proof) => (
        <ProofLine key={`${proof.at_ms}-${proof.part}`} proof={proof} />
      ))}
      {canSend && <SendCode order={order} />}
    </Panel>
  );
}

function ProofLine({ proof }: { proof: ProofView }) {
  const { t, word } = useText();
  const isWeak = proof.strength === 'weak' || proof.strength === 'nothing';
  return (
    <div className="col" style={{ gap: 2, marginBottom: 8 }}>
      <span className="row wrap">
        <span className="muted">
          {word(ConsentStep, proof.step)} · {t(`labels.part_${proof.part as 'place' | 'consent'}`)}
        </span>
        <strong>{word(Proof, proof.proof)}</strong>
        <span className={isWeak ? 'tone-soon' : ''}>{word(ProofStrength, proof.strength)}</span>
        {proof.verdict !== null && <span className="faint">{word(LabelVerdict, proof.verdict)}</span>}
        <ShortTime ms={proof.at_ms} />
      </span>
      {proof.flags.map((flag) => (
        <span key={flag} className="tone-soon">
          {t(`labels.flag_${flag as Flag}`)}
        </span>
      ))}
      {proof.distance_m !== null && (
        <span className="faint">{t('labels.distance', { metres: proof.distance_m })}</span>
      )}
      {proof.reason !== null && (
        <span className="faint">{t('labels.typed_because', { reason: proof.reason })}</span>
      )}
    </div>
  );
}

function SendCode({ order }: { order: OrderDetail }) {
  const { t } = useText();
  const send = useMutation({
    mutationFn: (step: 'arrival' | 'closing') => sendConsentCode(order.id, step),
  });
  const code = send.data;
  return (
    <div className="col">
      <span className="row wrap">
        <span className="muted">{t('labels.send_code')}</span>
        <Button
          size="small"
          disabled={order.arrived_at_ms !== null}
          loading={send.isPending}
          onClick={() => send.mutate('arrival')}
        >
          {t('labels.send_arrival')}
        </Button>
        <Button
          size="small"
          disabled={order.finished_at_ms !== null}
          loading={send.isPending}
          onClick={() => send.mutate('closing')}
        >
          {t('labels.send_closing')}
        </Button>
      </span>
      {code !== undefined && (
        <span>{code.is_sent ? t('labels.code_sent') : `${t('labels.code_not_sent')}${code.sms_text}`}</span>
      )}
      {send.error !== null && <Problem problem={send.error} />}
    </div>
  );
}
