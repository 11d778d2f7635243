// One label: its symbol, what may be done with it, and everything that happened to it.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Drawer, Input, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import type { LabelPage } from '@/api/contract';
import { keys } from '@/api/keys';
import { readLabel, reissueLabel, revokeLabel, symbolPath } from '@/api/labels';
import { useMay } from '@/app/session';
import { Facts } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { ShortTime } from '@/components/Time';
import { useText } from '@/i18n';
import { LabelKind } from '@/i18n/words.gen';
import { Grade, LabelState } from './columns';

interface Props {
  id: string | null;
  onClose: () => void;
  /** Another label, e.g. the one that took this one's place. */
  onOpen: (id: string) => void;
  onPrint: (label: LabelPage) => void;
  onChanged: () => void;
}

export function LabelDrawer({ id, onClose, onOpen, onPrint, onChanged }: Props) {
  const { t, word } = useText();
  const may = useMay();
  const query = useQuery({
    queryKey: keys.label(id ?? ''),
    queryFn: () => readLabel(id ?? ''),
    enabled: id !== null,
  });
  const label = query.data;
  const title = label === undefined ? t('labels.one') : `${word(LabelKind, label.kind)} ${label.number}`;
  const canPrint = label?.state === 'valid' && may('manage_labels');
  return (
    <Drawer
      open={id !== null}
      size={480}
      title={title}
      onClose={onClose}
      extra={canPrint && <Button onClick={() => onPrint(label)}>{t('labels.print_one')}</Button>}
    >
      {query.error !== null && <Problem problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isLoading && <Skeleton active />}
      {label !== undefined && (
        <div className="col" style={{ gap: 16 }} key={label.id}>
          {label.text !== null && <SymbolPicture label={label} />}
          <LabelFacts label={label} onOpen={onOpen} />
          {label.state === 'valid' && <Change label={label} onChanged={onChanged} />}
          <History label={label} />
        </div>
      )}
    </Drawer>
  );
}

function LabelFacts({ label, onOpen }: { label: LabelPage; onOpen: (id: string) => void }) {
  const { t } = useText();
  const { replaced_by: next } = label;
  return (
    <Facts
      items={[
        [t('labels.state'), <LabelState state={label.state} />],
        [t('labels.area'), [label.station_name, label.area_name].filter(Boolean).join(' · ') || '–'],
        [t('labels.revision'), t('labels.edition', { revision: label.revision })],
        [t('labels.issued'), <ShortTime ms={label.issued_at_ms} />],
        ...(label.state === 'valid'
          ? ([
              [
                t('labels.signature'),
                label.is_signed ? (
                  t('labels.signed')
                ) : (
                  <span className="tone-soon">{t('labels.unsigned')}</span>
                ),
              ],
            ] as [string, React.ReactNode][])
          : []),
        [
          t('labels.grade'),
          <span>
            <Grade grade={label.grade} />{' '}
            {label.graded_at_ms !== null && (
              <span className="faint">
                <ShortTime ms={label.graded_at_ms} />
              </span>
            )}
          </span>,
        ],
        ...(next === null
          ? []
          : ([
              [
                t('labels.replaced_by'),
                <Button type="link" style={{ padding: 0, height: 'auto' }} onClick={() => onOpen(next)}>
                  {t('labels.open_new')}
                </Button>,
              ],
            ] as [string, React.ReactNode][])),
      ]}
    />
  );
}

const RESOLUTIONS = [203, 300, 600];

function SymbolPicture({ label }: { label: LabelPage }) {
  const { t } = useText();
  const [dpi, setDpi] = useState(300);
  // The edition is in the address, so that a new one is never shown from the cache of the old.
  const address = (format: 'svg' | 'png') => `${symbolPath(label.id, format, dpi)}&r=${label.revision}`;
  return (
    <div className="col" style={{ alignItems: 'center' }}>
      <img
        className="symbol"
        src={address('svg')}
        alt={t('labels.symbol_of', { number: label.number })}
        width={220}
        height={220}
      />
      <div className="row wrap">
        <Segmented
          size="small"
          aria-label={t('labels.resolution')}
          value={dpi}
          options={RESOLUTIONS.map((value) => ({ value, label: `${value} dpi` }))}
          onChange={setDpi}
        />
        <a href={address('svg')} download={`${label.number}.svg`}>
          SVG
        </a>
        <a href={address('png')} download={`${label.number}-${dpi}dpi.png`}>
          PNG
        </a>
      </div>
    </div>
  );
}

function Change({ label, onChanged }: { label: LabelPage; onChanged: () => void }) {
  const { t } = useText();
  const may = useMay();
  const [reason, setReason] = useState('');
  const change = useMutation({
    mutationFn: (what: 'reissue' | 'revoke') =>
      what === 'reissue' ? reissueLabel(label.id, reason) : revokeLabel(label.id, reason, true),
    onSuccess: () => {
      setReason('');
      onChanged();
    },
  });
  if (!may('manage_labels')) return null;
  const isReady = reason.trim() !== '';
  const isDoing = (what: 'reissue' | 'revoke') => change.isPending && change.variables === what;
  return (
    <div className="col">
      <Input
        value={reason}
        maxLength={500}
        placeholder={t('labels.reason')}
        aria-label={t('labels.reason')}
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="row">
        <Button disabled={!isReady} loading={isDoing('reissue')} onClick={() => change.mutate('reissue')}>
          {t('labels.reissue')}
        </Button>
        <Button
          danger
          disabled={!isReady}
          loading={isDoing('revoke')}
          onClick={() => change.mutate('revoke')}
        >
          {t('labels.revoke')}
        </Button>
      </div>
      <p className="faint">{t('labels.change_note')}</p>
      {change.error !== null && <Problem problem={change.error} />}
    </div>
  );
}

type EventWord = 'printed' | 'reprinted' | 'reissued' | 'revoked';

/** Sheet and resolution of a print, or the reason of a change. */
function eventDetail(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return '';
  const { reason, sheet, dpi } = detail as { reason?: string; sheet?: string; dpi?: number };
  return reason ?? (sheet === undefined ? '' : `${sheet} · ${dpi ?? ''} dpi`);
}

function History({ label }: { label: LabelPage }) {
  const { t } = useText();
  return (
    <section aria-label={t('labels.history')}>
      <strong>{t('labels.history')}</strong>
      {label.events.length === 0 && <p className="faint">{t('labels.no_history')}</p>}
      <ul className="label-history">
        {label.events.map((event) => (
          <li key={`${event.at_ms}-${event.event}-${event.revision}`}>
            <span className="nowrap muted">
              <ShortTime ms={event.at_ms} />
            </span>
            <span>
              {t(`labels.event_${event.event as EventWord}`)}{' '}
              {t('labels.edition', { revision: event.revision })}
              <span className="faint"> {eventDetail(event.detail)}</span>
            </span>
            <span className="nowrap muted">{event.actor_name ?? ''}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
