// One intake record: cause and remedy, the raw content, and the three ways on.
import { Button, Drawer, Form, Input, Select } from 'antd';
import { useState } from 'react';
import type { IntakeRecord } from '@/api/contract';
import { assignRecord, ignoreRecord, retryRecord, unmaskRecord } from '@/api/intake';
import { useMay } from '@/app/session';
import { EditDrawer } from '@/components/EditDrawer';
import { UnmaskButton } from '@/components/Masked';
import { Facts } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { useFaultSentence } from '@/hooks/useFaultSentence';
import { useText } from '@/i18n';
import { IntakeSource, OrderKind, RecordKind } from '@/i18n/words.gen';
import { dateTimeSeconds } from '@/util/format';

interface Props {
  record: IntakeRecord;
  onClose: () => void;
  onDone: () => void;
}

/** The raw record as name and value; a list or text is shown as it is. */
export function rawFacts(raw: unknown): [string, string][] {
  const value: unknown = typeof raw === 'string' ? parsed(raw) : raw;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [['', String(raw)]];
  return Object.entries(value).map(([name, each]) => [
    name,
    typeof each === 'string' ? each : JSON.stringify(each),
  ]);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function RecordDrawer({ record, onClose, onDone }: Props) {
  const { t, word, isChinese } = useText();
  const may = useMay();
  const sentence = useFaultSentence();
  const [step, setStep] = useState<'look' | 'assign' | 'ignore'>('look');
  const [problem, setProblem] = useState<unknown>(null);
  const [whole, setWhole] = useState<{ raw: unknown } | null>(null);
  const canAct = record.state === 'exception' && may('resolve_exceptions');
  const retry = async () => {
    try {
      await retryRecord(record.id);
      onDone();
    } catch (thrown) {
      setProblem(thrown);
    }
  };
  if (step === 'assign')
    return <AssignDrawer record={record} onClose={() => setStep('look')} onDone={onDone} />;
  if (step === 'ignore')
    return <IgnoreDrawer record={record} onClose={() => setStep('look')} onDone={onDone} />;
  return (
    <Drawer
      open
      size={560}
      title={record.source_key}
      onClose={onClose}
      footer={
        canAct && (
          <div className="row" style={{ justifyContent: 'flex-end' }}>
            <Button onClick={() => setStep('ignore')}>{t('exceptions.ignore')}</Button>
            <Button onClick={() => setStep('assign')}>{t('exceptions.assign')}</Button>
            <Button type="primary" onClick={() => void retry()}>
              {t('exceptions.retry')}
            </Button>
          </div>
        )
      }
    >
      <div className="col" style={{ gap: 14 }}>
        {record.fault_code !== null && (
          <div className="problem">
            <span className="problem-code">{record.fault_code}</span>
            <div>
              <div>{sentence(record.fault_code, record.message)}</div>
              {isChinese && record.advice !== record.message && <div className="faint">{record.advice}</div>}
            </div>
          </div>
        )}
        {problem !== null && <Problem problem={problem} />}
        <Facts
          items={[
            [t('exceptions.source'), word(IntakeSource, record.source)],
            [t('exceptions.record_kind'), word(RecordKind, record.record_kind)],
            [t('exceptions.received'), dateTimeSeconds(record.received_at_ms)],
            [t('exceptions.attempts'), record.attempts],
          ]}
        />
        <div className="spread">
          <strong>{t('exceptions.raw')}</strong>
          {may('unmask_customers') && whole === null && (
            <UnmaskButton
              onReason={async (reason) => setWhole({ raw: await unmaskRecord(record.id, reason) })}
            />
          )}
        </div>
        <Facts items={rawFacts(whole === null ? record.raw : whole.raw)} />
      </div>
    </Drawer>
  );
}

function AssignDrawer({ record, onClose, onDone }: Props) {
  const { t, word } = useText();
  return (
    <EditDrawer<{ account_number?: string; kind?: string }>
      title={t('exceptions.assign_title')}
      initial={{}}
      onClose={onClose}
      onSave={async (entry) => {
        await assignRecord(record.id, {
          account_number: entry.account_number?.trim() || undefined,
          kind: entry.kind,
        });
        onDone();
      }}
    >
      <Form.Item name="account_number" label={t('order.account_number')}>
        <Input maxLength={20} inputMode="numeric" />
      </Form.Item>
      <Form.Item name="kind" label={t('order.kind')}>
        <Select
          allowClear
          options={Object.keys(OrderKind).map((value) => ({ value, label: word(OrderKind, value) }))}
        />
      </Form.Item>
    </EditDrawer>
  );
}

function IgnoreDrawer({ record, onClose, onDone }: Props) {
  const { t } = useText();
  return (
    <EditDrawer<{ reason: string }>
      title={t('exceptions.ignore_title')}
      initial={{}}
      saveLabel={t('exceptions.ignore')}
      onClose={onClose}
      onSave={async ({ reason }) => {
        await ignoreRecord(record.id, reason);
        onDone();
      }}
    >
      <Form.Item
        name="reason"
        label={t('common.reason')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('common.reason_min') }]}
      >
        <Input.TextArea rows={3} maxLength={500} />
      </Form.Item>
    </EditDrawer>
  );
}
