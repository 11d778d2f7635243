// Personal data is masked until somebody says why he needs it; the look is audited by the server.
import { EyeOutlined } from '@ant-design/icons';
import { Button, Input, Popover } from 'antd';
import { useState } from 'react';
import { useText } from '@/i18n';
import { Problem } from './Problem';

/** A masked value as the server sent it: dots are read out as masked. */
export function MaskedText({ text }: { text: string | null }) {
  if (text === null || text === '') return <span className="faint">–</span>;
  return <span className="nowrap">{text}</span>;
}

export function UnmaskButton({ onReason }: { onReason: (reason: string) => Promise<void> }) {
  const { t } = useText();
  const [isOpen, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const send = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await onReason(reason.trim());
      setOpen(false);
    } catch (thrown) {
      setProblem(thrown);
    } finally {
      setBusy(false);
    }
  };
  const form = (
    <div className="col" style={{ width: 280 }}>
      <span className="muted">{t('common.unmask_note')}</span>
      <Input
        value={reason}
        maxLength={200}
        aria-label={t('common.reason')}
        placeholder={t('common.reason')}
        onChange={(event) => setReason(event.target.value)}
        onPressEnter={() => reason.trim().length >= 2 && void send()}
      />
      {problem !== null && <Problem problem={problem} />}
      <Button type="primary" loading={isBusy} disabled={reason.trim().length < 2} onClick={() => void send()}>
        {t('common.show')}
      </Button>
    </div>
  );
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      trigger="click"
      title={t('common.unmask_title')}
      content={form}
      destroyOnHidden
    >
      <Button size="small" icon={<EyeOutlined />}>
        {t('common.unmask')}
      </Button>
    </Popover>
  );
}
