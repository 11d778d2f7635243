// Intake: first the customer's account or code is checked, then the need is written down; the template
// decision shows as it is typed. A refusal is shown large with its code, and is recorded.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Form, Input, Select } from 'antd';
import type { TextAreaRef } from 'antd/es/input/TextArea';
import type { Dayjs } from 'dayjs';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { IntakeCheck, IntakeRequest, OrderDetail } from '@/api/contract';
import { processServerError } from '@/api/errors';
import { takeIn, tryTemplate } from '@/api/intake';
import { useMay } from '@/app/session';
import { Decision, wordsOf } from '@/components/Decision';
import { Highlighted } from '@/components/Highlighted';
import { Page, Panel } from '@/components/Page';
import { Problem } from '@/components/Problem';
import { useText } from '@/i18n';
import { IntakeSource, OrderKind, Urgency } from '@/i18n/words.gen';
import { paths } from '@/util/paths';
import { CheckPanel } from './CheckPanel';

/** Doors through which a person at the counter or the telephone takes requests in. */
const BY_HAND: readonly IntakeSource[] = [
  'phone',
  'counter',
  'station',
  'sms',
  'web',
  'hotline_12345',
  'police_fire',
];
const PAUSE_MS = 300;

interface Entry {
  content: string;
  source: IntakeSource;
  caller_name?: string;
  contact_phone?: string;
  address?: string;
  appointment?: Dayjs | null;
  kind?: OrderKind;
  urgency?: Urgency;
}

/** The answer for what was typed a moment ago; empty text asks nothing. */
function useDecision(text: string) {
  const [wanted, setWanted] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setWanted(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useQuery({
    queryKey: ['template', wanted],
    queryFn: () => tryTemplate(wanted),
    enabled: wanted.length >= 2,
    placeholderData: (before) => before,
    gcTime: 0,
  });
}

export default function IntakePage() {
  const { t } = useText();
  const navigate = useNavigate();
  const may = useMay();
  const [check, setCheck] = useState<IntakeCheck | null>(null);
  const [isWithout, setWithout] = useState(false);
  const [key, setKey] = useState('');
  const [round, setRound] = useState(0);
  const [made, setMade] = useState<OrderDetail | null>(null);
  const canWrite = isWithout || (check?.customer ?? null) !== null;
  const again = () => {
    setCheck(null);
    setWithout(false);
    setKey('');
    setMade(null);
    setRound(round + 1);
  };
  return (
    <Page title={t('intake.title')}>
      <div className="intake-grid">
        <CheckPanel
          key={`check-${round}`}
          value={key}
          check={check}
          isWithout={isWithout}
          onValue={setKey}
          onCheck={(answer) => {
            setCheck(answer);
            setWithout(false);
          }}
          onWithout={() => {
            setCheck(null);
            setWithout(true);
          }}
        />
        <RequestForm
          key={`request-${round}`}
          isOff={!canWrite || made !== null}
          customerKey={isWithout ? '' : key.trim()}
          onMade={setMade}
        />
      </div>
      {made !== null && (
        <Panel>
          <div className="row wrap" role="status">
            <strong>{t('intake.saved', { number: made.order_number })}</strong>
            <Decision decision={made.match_detail} />
            <span className="grow" />
            <Button onClick={() => void navigate(paths.order(made.id))}>{t('intake.open_order')}</Button>
            {may('dispatch_orders') && (
              <Button onClick={() => void navigate(`${paths.dispatch}?order=${made.id}`)}>
                {t('intake.go_dispatch')}
              </Button>
            )}
            <Button type="primary" autoFocus onClick={again}>
              {t('intake.another')}
            </Button>
          </div>
        </Panel>
      )}
    </Page>
  );
}

interface FormProps {
  isOff: boolean;
  customerKey: string;
  onMade: (order: OrderDetail) => void;
}

/** Account numbers are digits; anything else is the text of a code. */
export function keyOf(text: string): { account_number?: string; label_text?: string } {
  if (text === '') return {};
  return /^\d+$/.test(text) ? { account_number: text } : { label_text: text };
}

function RequestForm({ isOff, customerKey, onMade }: FormProps) {
  const { t, word, isChinese } = useText();
  const [form] = Form.useForm<Entry>();
  const content = Form.useWatch('content', form) ?? '';
  // The customer is known: the next thing typed is what he says.
  const saying = useRef<TextAreaRef>(null);
  useEffect(() => {
    if (!isOff) saying.current?.focus();
  }, [isOff]);
  const decision = useDecision(content);
  const save = useMutation({
    mutationFn: ({ appointment, ...entry }: Entry) => {
      const body: IntakeRequest = {
        ...keyOf(customerKey),
        ...entry,
        appointment_at_ms: appointment?.valueOf(),
      };
      return takeIn(body);
    },
    onSuccess: (answer) => {
      onMade(answer.work_order);
    },
    onError: (thrown) =>
      form.setFields(
        processServerError(thrown, isChinese)
          .fields.filter((fault) => fault.field in form.getFieldsValue(true))
          .map((fault) => ({ name: fault.field as keyof Entry, errors: [fault.sentence] })),
      ),
  });
  const words = (table: Readonly<Record<string, readonly [string, string]>>, values: readonly string[]) =>
    values.map((value) => ({ value, label: word(table, value) }));
  return (
    <Panel title={t('intake.step_need')}>
      <Form<Entry>
        form={form}
        layout="vertical"
        requiredMark={false}
        disabled={isOff}
        initialValues={{ source: 'phone' }}
        onFinish={(entry) => save.mutate(entry)}
      >
        <Form.Item
          name="content"
          label={t('intake.content')}
          rules={[{ required: true, whitespace: true, message: t('intake.content_needed') }]}
        >
          <Input.TextArea
            ref={saying}
            rows={4}
            maxLength={2000}
            showCount
            placeholder={t('intake.content_placeholder')}
          />
        </Form.Item>
        <div className="match-box" aria-live="polite">
          <strong>{t('intake.decision')}</strong>
          {decision.data === undefined ? (
            <span className="muted">{t('intake.decision_waiting')}</span>
          ) : (
            <>
              <Highlighted text={content} words={wordsOf(decision.data)} />
              <Decision decision={decision.data} />
            </>
          )}
        </div>
        <div className="triple">
          <Form.Item name="source" label={t('intake.source')}>
            <Select options={words(IntakeSource, BY_HAND)} />
          </Form.Item>
          <Form.Item name="kind" label={t('intake.kind')}>
            <Select
              allowClear
              placeholder={t('intake.kind_auto')}
              options={words(OrderKind, Object.keys(OrderKind))}
            />
          </Form.Item>
          <Form.Item name="urgency" label={t('intake.urgency')}>
            <Select
              allowClear
              placeholder={t('intake.urgency_auto')}
              options={words(Urgency, Object.keys(Urgency))}
            />
          </Form.Item>
          <Form.Item name="caller_name" label={t('intake.caller_name')}>
            <Input maxLength={40} autoComplete="off" />
          </Form.Item>
          <Form.Item
            name="contact_phone"
            label={t('intake.phone')}
            rules={[{ pattern: /^[\d +-]{5,20}$/, message: t('intake.phone_rule') }]}
          >
            <Input maxLength={20} inputMode="tel" autoComplete="off" />
          </Form.Item>
          <Form.Item name="appointment" label={t('intake.appointment')}>
            <DatePicker
              showTime={{ format: 'HH:mm', minuteStep: 5 }}
              format="YYYY-MM-DD HH:mm"
              style={{ width: '100%' }}
            />
          </Form.Item>
        </div>
        <Form.Item
          name="address"
          label={t('intake.address')}
          rules={[{ required: customerKey === '' && !isOff, message: t('intake.address') }]}
        >
          <Input maxLength={200} autoComplete="off" />
        </Form.Item>
        {save.error !== null && (
          <div style={{ marginBottom: 12 }}>
            <Problem problem={save.error} />
          </div>
        )}
        <Button type="primary" htmlType="submit" loading={save.isPending}>
          {t('intake.save')}
        </Button>
      </Form>
    </Panel>
  );
}
