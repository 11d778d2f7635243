import dayjs from 'dayjs';
import { expect, it } from 'vitest';
import type { OrderDetail } from '@/api/contract';
import { changedFields, changedMeanwhile } from './EditOrderDrawer';

const order = {
  kind: 'fault_repair',
  urgency: 'normal',
  content: '没电',
  pole_number: null,
  dispatch_note: null,
  contact_phone: '138****0000',
  address: '示例镇***',
  appointment_at_ms: null,
} as unknown as OrderDetail;
const untouched = { kind: 'fault_repair', urgency: 'normal', content: '没电', appointment: null };

it('sends nothing when nothing was touched, masked texts included', () => {
  expect(changedFields(order, untouched)).toEqual({});
});

it('sends only what was typed', () => {
  const at = dayjs(1_795_000_000_000);
  expect(changedFields(order, { ...untouched, dispatch_note: ' 带梯子 ', appointment: at })).toEqual({
    dispatch_note: '带梯子',
    appointment_at_ms: 1_795_000_000_000,
  });
});

it('takes an appointment away', () => {
  const planned = { ...order, appointment_at_ms: 5 };
  expect(changedFields(planned, untouched)).toEqual({ appointment_at_ms: null });
});

it('names what somebody else changed meanwhile', () => {
  expect(changedMeanwhile(order, { ...order, content: '没电，下午在家', dispatch_note: '' })).toEqual([
    'content',
  ]);
  expect(changedMeanwhile(order, order)).toEqual([]);
});
