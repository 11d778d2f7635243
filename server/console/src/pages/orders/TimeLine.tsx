// What happened, by whom, where from and how sure the time is; what a phone sent and was refused.
import { DesktopOutlined, MobileOutlined } from '@ant-design/icons';
import type { OrderDetail, OrderEvent } from '@/api/contract';
import { Panel } from '@/components/Page';
import { ShortTime } from '@/components/Time';
import { StateTag } from '@/components/Words';
import { useFaultSentence } from '@/hooks/useFaultSentence';
import { useText } from '@/i18n';
import { Command, Role } from '@/i18n/words.gen';
import { durationWords } from '@/util/countdown';
import { dateTimeSeconds } from '@/util/format';
import { eventNote, factOf, foldEvents } from '@/util/orderEvents';

/** What the server calls itself where a person's name stands. */
const SYSTEM = Role.system[0];
/** Under this a clock is as good as exact for people. */
const SURE_MS = 60_000;

function Entry({ event, times }: { event: OrderEvent; times: number }) {
  const { t, word, isChinese } = useText();
  const note = eventNote(event.detail);
  const fact = factOf(event);
  const plain = event.command === 'create' ? t('order.event_create') : word(Command, event.command);
  const name = fact === null ? plain : t(`order.fact_${fact}`);
  const isPhone = event.device_id !== null;
  const hover = [
    t('order.event_on_site', { at: dateTimeSeconds(event.occurred_at_ms) }),
    t('order.event_received', { at: dateTimeSeconds(event.at_ms) }),
  ].join('\n');
  return (
    <li className="event" title={hover}>
      <span
        className={`event-dot state-${event.to_state === event.from_state ? 'same' : 'moved'}`}
        aria-hidden="true"
      />
      <div className="grow">
        <div className="row wrap" style={{ gap: 6 }}>
          <strong>{name}</strong>
          {times > 1 && <span className="faint">× {times}</span>}
          {event.to_state !== event.from_state && <StateTag state={event.to_state} />}
        </div>
        <div className="faint row wrap" style={{ gap: 6 }}>
          <span className="nowrap">
            {isPhone ? <MobileOutlined /> : <DesktopOutlined />}{' '}
            <span className="visually-hidden">{t(isPhone ? 'order.event_phone' : 'order.event_office')}</span>
            {event.actor_name === SYSTEM ? word(Role, 'system') : event.actor_name}
          </span>
          <ShortTime ms={event.occurred_at_ms} />
          {event.uncertainty_ms > SURE_MS && (
            <span className="tone-soon">
              {t('order.event_uncertain', { span: durationWords(event.uncertainty_ms, isChinese) })}
            </span>
          )}
        </div>
        {note !== null && <div className="event-note">{note}</div>}
      </div>
    </li>
  );
}

export function TimeLine({ order }: { order: OrderDetail }) {
  const { t } = useText();
  const sentence = useFaultSentence();
  const newestFirst = foldEvents(order.events);
  return (
    <Panel title={t('order.timeline')}>
      {newestFirst.length === 0 ? (
        <p className="muted">{t('order.events_empty')}</p>
      ) : (
        <ol className="events">
          {newestFirst.map(({ event, times }) => (
            <Entry key={event.seq} event={event} times={times} />
          ))}
        </ol>
      )}
      {order.rejected_commands.length > 0 && (
        <div className="refused">
          <strong>{t('order.rejected_title')}</strong>
          {order.rejected_commands.map((refused) => (
            <div key={`${refused.device_id}-${refused.n}`} className="row wrap">
              <span className="problem-code">{refused.code}</span>
              <span>{sentence(refused.code, refused.message)}</span>
              <span className="faint">
                <ShortTime ms={refused.received_at_ms} />
              </span>
            </div>
          ))}
        </div>
      )}
    </Panel>
  );
}
