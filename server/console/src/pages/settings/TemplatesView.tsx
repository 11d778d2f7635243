// Trying the keyword templates: what would the server decide for these words, and why.
import { useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { tryTemplate } from '@/api/intake';
import { useMay } from '@/app/session';
import { Decision, wordsOf } from '@/components/Decision';
import { Highlighted } from '@/components/Highlighted';
import { Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';

export function TemplatesView() {
  const { t } = useText();
  const may = useMay();
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text.trim());
  const decision = useQuery({
    queryKey: ['template', wanted],
    queryFn: () => tryTemplate(wanted),
    enabled: wanted.length >= 2 && may('write_intake'),
    placeholderData: (before) => before,
    gcTime: 0,
  });
  if (!may('write_intake')) return <p className="muted">{t('app.not_allowed')}</p>;
  return (
    <Panel title={t('settings.try_title')} tools={<span className="faint">{t('settings.try_note')}</span>}>
      <div className="col" style={{ gap: 14 }}>
        <Input.TextArea
          rows={4}
          autoFocus
          maxLength={2000}
          showCount
          style={{ marginBottom: 20 }}
          value={text}
          aria-label={t('settings.try_title')}
          placeholder={t('settings.try_placeholder')}
          onChange={(event) => setText(event.target.value)}
        />
        {decision.error !== null && <Problem problem={decision.error} />}
        {decision.data !== undefined && wanted !== '' && (
          <div className="match-box" aria-live="polite">
            <Highlighted text={wanted} words={wordsOf(decision.data)} />
            <Decision decision={decision.data} />
          </div>
        )}
      </div>
    </Panel>
  );
}
