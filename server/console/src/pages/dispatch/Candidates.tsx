// The right of the board: the chosen order and who should go, each with reasons; who cannot, with why not.
import { Button, Segmented, Skeleton } from 'antd';
import { Link } from 'react-router';
import type { Candidate, OrderDetail } from '@/api/contract';
import type { DispatchMode } from '@/api/orders';
import { wordsOf } from '@/components/Decision';
import { Duplicates } from '@/components/Duplicates';
import { Empty } from '@/components/Empty';
import { Highlighted } from '@/components/Highlighted';
import { Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { CountDown } from '@/components/Time';
import { KindName, OnlineDot, StateTag, UrgencyMark } from '@/components/Words';
import { useText } from '@/i18n';
import { orderCan } from '@/util/orderCan';
import { paths } from '@/util/paths';

interface Props {
  order: OrderDetail | null;
  candidates: readonly Candidate[];
  best: Candidate | null;
  /** Orders of the same area in the queue, this one counted. */
  sameArea: number;
  mode: DispatchMode;
  isLoading: boolean;
  isBusy: boolean;
  problem: unknown;
  onMode: (mode: DispatchMode) => void;
  onAssign: (candidate: Candidate) => void;
}

export function Candidates(props: Props) {
  const { order, candidates, best, sameArea, mode, isLoading, isBusy, problem, onMode, onAssign } = props;
  const { t } = useText();
  const canSend = order !== null && (orderCan(order, 'dispatch') || orderCan(order, 'reassign'));
  return (
    <Panel
      className="board-pane"
      isFlush
      title={t('dispatch.candidates')}
      tools={
        <Segmented
          size="small"
          value={mode}
          onChange={(value) => onMode(value)}
          options={[
            { value: 'nearest' as const, label: t('dispatch.mode_nearest') },
            { value: 'jurisdiction' as const, label: t('dispatch.mode_jurisdiction') },
          ]}
        />
      }
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className="board-scroll" tabIndex={0} aria-label={t('dispatch.candidates')}>
        {problem !== null && <Problem problem={problem} />}
        {order === null && !isLoading && (
          <Empty title={t('dispatch.candidates')} note={t('dispatch.pick_order')} />
        )}
        {order !== null && <Chosen order={order} sameArea={sameArea} />}
        {order !== null && <Duplicates order={order} />}
        {isLoading && (
          <div className="panel-body">
            <Skeleton active title={false} paragraph={{ rows: 6 }} />
          </div>
        )}
        {order !== null && !isLoading && best === null && (
          <Empty title={t('dispatch.nobody')} note={t('dispatch.nobody_note')} />
        )}
        <ul className="candidates">
          {candidates.map((candidate) => (
            <CandidateRow
              key={candidate.staff_id}
              candidate={candidate}
              isBest={candidate.staff_id === best?.staff_id}
              isBusy={isBusy}
              canSend={canSend}
              onAssign={() => onAssign(candidate)}
            />
          ))}
        </ul>
      </section>
    </Panel>
  );
}

function Chosen({ order, sameArea }: { order: OrderDetail; sameArea: number }) {
  const { t } = useText();
  return (
    <div className="board-order">
      <div className="row wrap">
        <KindName kind={order.kind} />
        <StateTag state={order.state} />
        <UrgencyMark urgency={order.urgency} />
        <Link className="mono" to={paths.order(order.id)}>
          {order.order_number}
        </Link>
      </div>
      <div className="board-order-content">
        <Highlighted text={order.content} words={wordsOf(order.match_detail)} />
      </div>
      <div className="spread">
        <span className="muted clip">
          {order.area_name ?? '–'} · {order.address ?? '–'}
        </span>
        <span style={{ width: 128, flex: 'none' }}>
          <CountDown order={order} />
        </span>
      </div>
      {sameArea > 1 && order.area_id !== null && (
        <Link to={`${paths.orders}?tab=draft&area_id=${order.area_id}`}>
          {t('dispatch.same_area_all', { count: sameArea })}
        </Link>
      )}
    </div>
  );
}

interface RowProps {
  candidate: Candidate;
  isBest: boolean;
  isBusy: boolean;
  canSend: boolean;
  onAssign: () => void;
}

function CandidateRow({ candidate, isBest, isBusy, canSend, onAssign }: RowProps) {
  const { t, named } = useText();
  return (
    <li className={`candidate ${isBest ? 'is-best' : ''} ${candidate.is_eligible ? '' : 'is-blocked'}`}>
      <div className="grow">
        <div className="row wrap">
          <OnlineDot isOnline={candidate.is_online} />
          <strong>{candidate.display_name}</strong>
          {isBest && <span className="state state-done">{t('dispatch.best')}</span>}
        </div>
        <ul className="why-list">
          {candidate.blockers.map((blocker) => (
            <li key={blocker.code} className="tone-soon">
              {named(blocker)}
            </li>
          ))}
          {candidate.reasons.map((reason) => (
            <li key={reason.code}>
              {named(reason)}
              {reason.points !== undefined && reason.points !== 0 && (
                <span className="points">
                  {' '}
                  {reason.points > 0 ? `+${reason.points}` : `−${-reason.points}`}
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
      {canSend && (
        <Button
          size="small"
          type={isBest ? 'primary' : 'default'}
          loading={isBusy && isBest}
          disabled={isBusy}
          onClick={onAssign}
        >
          {isBest ? `${t('dispatch.assign')} ↵` : t('dispatch.assign')}
        </Button>
      )}
    </li>
  );
}
