// The drawer of a command that needs more than a press: a reason, a person, a call-back result.
import { useQuery } from '@tanstack/react-query';
import { Form, Input, Radio } from 'antd';
import type { OrderDetail } from '@/api/contract';
import { keys } from '@/api/keys';
import { listCandidates } from '@/api/orders';
import { EditDrawer } from '@/components/EditDrawer';
import { useText } from '@/i18n';
import { Command, Satisfaction } from '@/i18n/words.gen';
import { PersonSelect } from './PersonSelect';
import { useOrderActions } from './useOrderActions';

export const NEEDS_FORM: ReadonlySet<Command> = new Set([
  'dispatch',
  'reassign',
  'cancel',
  'urge',
  'edit',
  'reject',
  'waive_evidence',
  'call_back',
]);

const REJECT_HINTS = ['reject_photo', 'reject_record', 'reject_sign', 'reject_cost'] as const;

/** All a command needs to know about the order. */
type Target = Pick<OrderDetail, 'id' | 'order_number' | 'version' | 'state'>;

interface Props {
  order: Target;
  command: Command;
  /** The person chosen before the drawer was opened. */
  staffId?: string;
  onClose: () => void;
  onDone?: (order: OrderDetail) => void;
}

interface Entry {
  staff_id?: string;
  reason?: string;
  note?: string;
  is_reached?: boolean;
  satisfaction?: string;
}

export function ActionDrawer({ order, command, staffId, onClose, onDone }: Props) {
  const { t, word } = useText();
  const { give, offerUndo } = useOrderActions();
  const name = word(Command, command);
  const save = async (entry: Entry) => {
    const fields = Object.fromEntries(
      Object.entries(entry).filter(([, value]) => value !== undefined && value !== ''),
    );
    const changed = await give(order, command, fields);
    onClose();
    // Restoring gives back a draft; what was further on would lose its progress.
    if (command === 'cancel' && order.state === 'draft') offerUndo(changed);
    onDone?.(changed);
  };
  return (
    <EditDrawer<Entry>
      title={t('order.act_title', { action: name, number: order.order_number })}
      initial={command === 'call_back' ? { is_reached: true } : { staff_id: staffId }}
      saveLabel={name}
      isDanger={command === 'cancel' || command === 'reject'}
      onClose={onClose}
      onSave={save}
    >
      {(command === 'reassign' || command === 'dispatch') && <PersonField order={order} />}
      {command === 'call_back' && <CallBackFields />}
      {command === 'urge' && <NoteField label={t('order.urge_note')} isNeeded />}
      {command !== 'call_back' && command !== 'urge' && command !== 'dispatch' && (
        <ReasonField hints={command === 'reject'} />
      )}
    </EditDrawer>
  );
}

export function ReasonField({ hints }: { hints: boolean }) {
  const { t } = useText();
  const form = Form.useFormInstance<Entry>();
  return (
    <>
      <Form.Item
        name="reason"
        label={t('common.reason')}
        rules={[{ required: true, whitespace: true, min: 2, message: t('common.reason_min') }]}
      >
        <Input.TextArea autoFocus rows={4} maxLength={500} showCount />
      </Form.Item>
      {hints && (
        <div className="col" style={{ gap: 4 }}>
          <span className="muted">{t('order.reject_hints')}</span>
          {REJECT_HINTS.map((hint) => (
            <button
              key={hint}
              type="button"
              className="hint-button"
              onClick={() => form.setFieldValue('reason', t(`order.${hint}`))}
            >
              {t(`order.${hint}`)}
            </button>
          ))}
        </div>
      )}
    </>
  );
}

function NoteField({ label, isNeeded }: { label: string; isNeeded: boolean }) {
  return (
    <Form.Item name="note" label={label} rules={[{ required: isNeeded, whitespace: true, message: label }]}>
      <Input.TextArea rows={3} maxLength={500} showCount />
    </Form.Item>
  );
}

function PersonField({ order }: { order: Target }) {
  const { named } = useText();
  const candidates = useQuery({
    queryKey: keys.candidates(order.id, 'nearest'),
    queryFn: () => listCandidates(order.id, 'nearest'),
  });
  const options = (candidates.data?.candidates ?? []).map((candidate) => ({
    value: candidate.staff_id,
    label: candidate.is_eligible
      ? candidate.display_name
      : `${candidate.display_name}（${candidate.blockers.map(named).join('，')}）`,
  }));
  return <PersonSelect isLoading={candidates.isLoading} options={options} />;
}

function CallBackFields() {
  const { t, word } = useText();
  const isReached = Form.useWatch('is_reached') as boolean | undefined;
  return (
    <>
      <Form.Item name="is_reached" label={t('order.is_reached')} required>
        <Radio.Group
          options={[
            { value: true, label: t('order.callback_reached') },
            { value: false, label: t('order.callback_missed') },
          ]}
        />
      </Form.Item>
      {isReached === true && (
        <Form.Item
          name="satisfaction"
          label={t('order.satisfaction')}
          rules={[{ required: true, message: t('order.satisfaction_needed') }]}
        >
          <Radio.Group
            options={Object.keys(Satisfaction).map((value) => ({ value, label: word(Satisfaction, value) }))}
          />
        </Form.Item>
      )}
      <NoteField label={t('common.note')} isNeeded={false} />
    </>
  );
}
