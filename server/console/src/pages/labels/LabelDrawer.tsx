// One label: its symbol, what may be done with it, and everything that happened to it.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, Drawer, Input, Skeleton } from 'antd';
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

interface Props {
  id: string | null;
  onClose: () => void;
  onChanged: () => void;
}

export function LabelDrawer({ id, onClose, onChanged }: Props) {
  const { t, word } = useText();
  const query = useQuery({
    queryKey: keys.label(id ?? ''),
    queryFn: () => readLabel(id ?? ''),
    enabled: id !== null,
  });
  const label = query.data;
  const title = label === undefined ? t('labels.one') : `${word(LabelKind, label.kind)} ${label.number}`;
  return (
    <Drawer open={id !== null} width={460} title={title} onClose={onClose}>
      {query.error !== null && <Problem problem={query.error} onRetry={() => void query.refetch()} />}
      {query.isLoading && <Skeleton active />}
      {label !== undefined && (
        <div className="col">
          {label.text !== null && <SymbolPicture label={label} />}
          <Facts
            items={[
              [t('labels.revision'), String(label.revision)],
              [t('labels.signature'), label.is_signed ? t('labels.signed') : t('labels.unsigned')],
              [t('labels.grade'), label.grade ?? '–'],
            ]}
          />
          {label.state === 'valid' && (
            <Change
              label={label}
              onChanged={() => {
                void query.refetch();
                onChanged();
              }}
            />
          )}
          <History label={label} />
        </div>
      )}
    </Drawer>
  );
}

function SymbolPicture({ label }: { label: LabelPage }) {
  const { t } = useText();
  return (
    <div className="col" style={{ alignItems: 'center' }}>
      <img
        src={`${symbolPath(label.id, 'svg', 300)}&r=${label.revision}`}
        alt={t('labels.symbol_of', { number: label.number })}
        style={{ width: 220, background: '#fff' }}
      />
      <div className="row">
        <a href={symbolPath(label.id, 'svg', 300)} download={`${label.number}.svg`}>
          SVG
        </a>
        <a href={symbolPath(label.id, 'png', 300)} download={`${label.number}.png`}>
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
        <Button disabled={!isReady} loading={change.isPending} onClick={() => change.mutate('reissue')}>
          {t('labels.reissue')}
        </Button>
        <Button danger disabled={!isReady} loading={change.isPending} onClick={() => change.mutate('revoke')}>
          {t('labels.revoke')}
        </Button>
      </div>
      <p className="faint">{t('labels.change_note')}</p>
      {change.error !== null && <Problem problem={change.error} />}
    </div>
  );
}

type EventWord = 'printed' | 'reprinted' | 'reissued' | 'revoked';

function History({ label }: { label: LabelPage }) {
  const { t } = useText();
  if (label.events.length === 0) return <p className="faint">{t('labels.no_history')}</p>;
  return (
    <ul className="plain">
      {label.events.map((event) => (
        <li key={`${event.at_ms}-${event.event}`}>
          <ShortTime ms={event.at_ms} /> {t(`labels.event_${event.event as EventWord}`)}{' '}
          {t('labels.edition', { revision: event.revision })} {event.actor_name ?? ''}
        </li>
      ))}
    </ul>
  );
}
