// Editing a draft or an order that is not being worked on yet. The matched words stay marked above the
// text, so that a person sees what decided the kind before he changes it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, DatePicker, Form, Input, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState } from 'react';
import type { OrderDetail } from '@/api/contract';
import { keys } from '@/api/keys';
import { changeOrder, type OrderChange, readOrder } from '@/api/orders';
import { Decision, wordsOf } from '@/components/Decision';
import { EditDrawer } from '@/components/EditDrawer';
import { Highlighted } from '@/components/Highlighted';
import { useText } from '@/i18n';
import { OrderKind, Urgency } from '@/i18n/words.gen';

interface Entry {
  kind: string;
  urgency: string;
  content: string;
  contact_phone?: string;
  address?: string;
  pole_number?: string;
  appointment?: Dayjs | null;
  dispatch_note?: string;
}

/** Fields whose texts are shown in full, so that two versions can be compared. */
const COMPARED = ['kind', 'urgency', 'content', 'pole_number', 'dispatch_note'] as const;
type Compared = (typeof COMPARED)[number];

/** What somebody else changed since the drawer was opened. */
export function changedMeanwhile(
  opened: Pick<OrderDetail, Compared>,
  latest: Pick<OrderDetail, Compared>,
): Compared[] {
  return COMPARED.filter((name) => (opened[name] ?? '') !== (latest[name] ?? ''));
}

/** Only what the person changed since opening is sent: others' edits to other fields survive. */
export function changedFields(order: OrderDetail, entry: Entry): Omit<OrderChange, 'version'> {
  const change: Omit<OrderChange, 'version'> = {};
  const texts = [
    'kind',
    'urgency',
    'content',
    'contact_phone',
    'address',
    'pole_number',
    'dispatch_note',
  ] as const;
  for (const name of texts) {
    const typed = entry[name]?.trim();
    if (typed !== undefined && typed !== '' && typed !== (order[name] ?? '')) change[name] = typed;
  }
  const appointment =
    entry.appointment === null || entry.appointment === undefined ? null : entry.appointment.valueOf();
  if (appointment !== order.appointment_at_ms) change.appointment_at_ms = appointment;
  return change;
}

export function EditOrderDrawer({ order, onClose }: { order: OrderDetail; onClose: () => void }) {
  const { t, word } = useText();
  const client = useQueryClient();
  const [opened] = useState(order);
  const latest =
    useQuery({ queryKey: keys.order(order.id), queryFn: () => readOrder(order.id) }).data ?? order;
  const words = (table: Readonly<Record<string, readonly [string, string]>>) =>
    Object.keys(table).map((value) => ({ value, label: word(table, value) }));

  const save = async (entry: Entry) => {
    const change = changedFields(opened, entry);
    if (Object.keys(change).length > 0) {
      try {
        client.setQueryData(
          keys.order(order.id),
          await changeOrder(order.id, { ...change, version: latest.version }),
        );
      } catch (thrown) {
        await client.invalidateQueries({ queryKey: keys.order(order.id) });
        throw thrown;
      }
      void client.invalidateQueries({ queryKey: keys.orders });
    }
    onClose();
  };
  return (
    <EditDrawer<Entry>
      title={t('order.edit_title', { number: order.order_number })}
      width={560}
      initial={{
        kind: order.kind,
        urgency: order.urgency,
        content: order.content,
        pole_number: order.pole_number ?? undefined,
        dispatch_note: order.dispatch_note ?? undefined,
        appointment: order.appointment_at_ms === null ? null : dayjs(order.appointment_at_ms),
      }}
      onClose={onClose}
      onSave={save}
    >
      <Meanwhile opened={opened} latest={latest} />
      <div className="match-box">
        <Highlighted text={order.content} words={wordsOf(order.match_detail)} />
        <Decision decision={order.match_detail} />
      </div>
      <div className="pair">
        <Form.Item name="kind" label={t('order.kind')}>
          <Select options={words(OrderKind)} />
        </Form.Item>
        <Form.Item name="urgency" label={t('order.urgency')}>
          <Select options={words(Urgency)} />
        </Form.Item>
      </div>
      <Form.Item
        name="content"
        label={t('order.content')}
        rules={[{ required: true, whitespace: true, message: t('order.content_needed') }]}
      >
        <Input.TextArea rows={4} maxLength={2000} showCount />
      </Form.Item>
      <div className="pair">
        <Form.Item name="contact_phone" label={t('order.contact_phone')}>
          <Input placeholder={order.contact_phone ?? undefined} maxLength={20} inputMode="tel" />
        </Form.Item>
        <Form.Item name="pole_number" label={t('order.pole_number')}>
          <Input maxLength={40} />
        </Form.Item>
      </div>
      <Form.Item name="address" label={t('order.address')}>
        <Input placeholder={order.address ?? undefined} maxLength={200} />
      </Form.Item>
      <Form.Item name="appointment" label={t('order.appointment')}>
        <DatePicker
          showTime={{ format: 'HH:mm', minuteStep: 5 }}
          format="YYYY-MM-DD HH:mm"
          style={{ width: '100%' }}
        />
      </Form.Item>
      <Form.Item name="dispatch_note" label={t('order.dispatch_note')}>
        <Input.TextArea rows={2} maxLength={500} />
      </Form.Item>
    </EditDrawer>
  );
}

/** Edits of somebody else, each with a button that takes them over. */
function Meanwhile({ opened, latest }: { opened: OrderDetail; latest: OrderDetail }) {
  const { t, word } = useText();
  const form = Form.useFormInstance<Entry>();
  const names = changedMeanwhile(opened, latest);
  if (names.length === 0) return null;
  const shown = (name: Compared): string => {
    if (name === 'kind') return word(OrderKind, latest.kind);
    if (name === 'urgency') return word(Urgency, latest.urgency);
    return latest[name] ?? '';
  };
  return (
    <div className="meanwhile" role="status">
      <strong>{t('order.meanwhile')}</strong>
      {names.map((name) => (
        <div key={name} className="spread">
          <span>
            {t(`order.${name}`)}: {shown(name)}
          </span>
          <Button size="small" onClick={() => form.setFieldValue(name, latest[name] ?? undefined)}>
            {t('order.take_theirs')}
          </Button>
        </div>
      ))}
    </div>
  );
}
