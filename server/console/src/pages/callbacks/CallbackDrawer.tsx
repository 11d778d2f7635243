// One call: who to ring (unmasked with a reason), what was done, what the customer says.
import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import type { OrderSummary, Personal } from '@/api/contract';
import { unmask } from '@/api/orders';
import { useMay } from '@/app/session';
import { EditDrawer } from '@/components/EditDrawer';
import { MaskedText, UnmaskButton } from '@/components/Masked';
import { Facts } from '@/components/Page';
import { useText } from '@/i18n';
import { Satisfaction } from '@/i18n/words.gen';
import { useOrderActions } from '@/pages/orders/useOrderActions';

interface Entry {
  is_reached: boolean;
  satisfaction?: string;
  note?: string;
}

interface Props {
  order: OrderSummary;
  onClose: () => void;
  onDone: () => void;
}

export function CallbackDrawer({ order, onClose, onDone }: Props) {
  const { t, word } = useText();
  const may = useMay();
  const { give } = useOrderActions();
  const [personal, setPersonal] = useState<Personal | null>(null);
  return (
    <EditDrawer<Entry>
      title={`${t('callbacks.call')} · ${order.order_number}`}
      initial={{ is_reached: true }}
      saveLabel={t('callbacks.call')}
      onClose={onClose}
      onSave={async (entry) => {
        await give(order, 'call_back', { ...entry });
        onDone();
        onClose();
      }}
    >
      <div className="match-box">
        <div>{order.content}</div>
        <Facts
          items={[
            [t('order.account_number'), order.account_number],
            [t('order.account_name'), <MaskedText text={personal?.account_name ?? order.account_name} />],
            [
              t('order.contact_phone'),
              personal === null ? (
                <span className="faint">{t('callbacks.phone_hidden')}</span>
              ) : (
                <MaskedText text={personal.contact_phone} />
              ),
            ],
            [
              t('order.satisfaction'),
              order.satisfaction === null ? '–' : word(Satisfaction, order.satisfaction),
            ],
          ]}
        />
        {personal === null && may('unmask_customers') && (
          <div className="row wrap">
            <UnmaskButton onReason={async (reason) => setPersonal(await unmask(order.id, reason))} />
            <span className="faint">{t('callbacks.unmask_first')}</span>
          </div>
        )}
      </div>
      <Form.Item name="is_reached" label={t('order.is_reached')} required>
        <Radio.Group
          options={[
            { value: true, label: t('order.callback_reached') },
            { value: false, label: t('order.callback_missed') },
          ]}
        />
      </Form.Item>
      <Form.Item noStyle dependencies={['is_reached']}>
        {({ getFieldValue }) =>
          getFieldValue('is_reached') === true && (
            <Form.Item
              name="satisfaction"
              label={t('order.satisfaction')}
              rules={[{ required: true, message: t('order.satisfaction_needed') }]}
            >
              <Radio.Group
                options={Object.keys(Satisfaction).map((value) => ({
                  value,
                  label: word(Satisfaction, value),
                }))}
              />
            </Form.Item>
          )
        }
      </Form.Item>
      <Form.Item name="note" label={t('common.note')}>
        <Input.TextArea rows={3} maxLength={500} showCount />
      </Form.Item>
    </EditDrawer>
  );
}
