// What a reviewer judges: the checks at a glance, evidence large, record, cost; verdict at the bottom.
import { Button, Tooltip } from 'antd';
import { Link } from 'react-router';
import type { OrderDetail, ReviewItem } from '@/api/contract';
import { Facts } from '@/components/Page';
import { CountDown } from '@/components/Time';
import { KindName, StateTag, UrgencyMark } from '@/components/Words';
import { useText } from '@/i18n';
import { Proof, Satisfaction } from '@/i18n/words.gen';
import { ProofPanel } from '@/pages/labels/ProofPanel';
import { CostPanel } from '@/pages/orders/CostPanel';
import { EvidenceWall } from '@/pages/orders/EvidenceWall';
import { RecordPanel } from '@/pages/orders/RecordPanel';
import { TimeLine } from '@/pages/orders/TimeLine';
import { orderCan, whyNot } from '@/util/orderCan';
import { paths } from '@/util/paths';

interface Props {
  order: OrderDetail;
  attention: ReviewItem['attention'];
  isBusy: boolean;
  onApprove: () => void;
  onReject: () => void;
  onWaive: () => void;
}

export function ReviewDesk({ order, attention, isBusy, onApprove, onReject, onWaive }: Props) {
  const { t, word, named, isChinese } = useText();
  const missing = order.evidence_expected - order.evidence_arrived;
  return (
    <>
      <div className="board-order">
        <div className="row wrap">
          <KindName kind={order.kind} />
          <StateTag state={order.state} />
          <UrgencyMark urgency={order.urgency} />
          <Link className="mono" to={paths.order(order.id)}>
            {order.order_number}
          </Link>
          <span className="muted">{order.assignee_name}</span>
          {order.approved_at_ms !== null && <span className="state state-done">{t('review.approved')}</span>}
        </div>
        <div>{order.content}</div>
      </div>
      <div className="desk-body">
        {missing > 0 && <div className="tone-soon">{t('review.missing_evidence', { count: missing })}</div>}
        {attention.length > 0 && (
          <ul className="reasons tone-soon">
            {attention.map((each) => (
              <li key={each.code}>{named(each)}</li>
            ))}
          </ul>
        )}
        <EvidenceWall order={order} size={150} />
        <div className="desk-pair">
          <div className="col" style={{ gap: 12 }}>
            <RecordPanel order={order} />
            <CostPanel order={order} />
          </div>
          <div className="col" style={{ gap: 12 }}>
            <section className="panel panel-body">
              <Facts
                items={[
                  [t('review.in_time'), <CountDown order={order} hasBar={false} />],
                  [t('review.on_site'), order.place_proof === null ? '–' : word(Proof, order.place_proof)],
                  [t('review.signed'), order.consent_proof === null ? '–' : word(Proof, order.consent_proof)],
                  [
                    t('order.satisfaction'),
                    order.satisfaction === null ? '–' : word(Satisfaction, order.satisfaction),
                  ],
                ]}
              />
            </section>
            <ProofPanel order={order} />
            <TimeLine order={order} />
          </div>
        </div>
      </div>
      <div className="desk-bar">
        <Verdict order={order} isBusy={isBusy} onApprove={onApprove} />
        <Tooltip title={whyNot(order, 'reject', isChinese)}>
          <Button danger disabled={!orderCan(order, 'reject')} onClick={onReject}>
            {t('review.reject')} <kbd>R</kbd>
          </Button>
        </Tooltip>
        {missing > 0 && (
          <Tooltip title={whyNot(order, 'waive_evidence', isChinese)}>
            <Button disabled={!orderCan(order, 'waive_evidence')} onClick={onWaive}>
              {t('review.waive')}
            </Button>
          </Tooltip>
        )}
      </div>
    </>
  );
}

function Verdict({ order, isBusy, onApprove }: Pick<Props, 'order' | 'isBusy' | 'onApprove'>) {
  const { t, isChinese } = useText();
  const isApproving = order.approved_at_ms === null;
  const command = isApproving ? 'approve' : 'archive';
  return (
    <Tooltip title={whyNot(order, command, isChinese)}>
      <Button type="primary" loading={isBusy} disabled={!orderCan(order, command)} onClick={onApprove}>
        {t(isApproving ? 'review.approve' : 'review.archive')} <kbd>A</kbd>
      </Button>
    </Tooltip>
  );
}
