import { expect, it } from 'vitest';
import { EMPTY_QUEUE, heard, knowing, noted } from './hazardQueue';

const hazard = (id: string, state = 'draft') => ({ id, state, urgency: 'hazard' });

it('rings once for a new hazard order and keeps it until it is noted', () => {
  const one = heard(EMPTY_QUEUE, hazard('a'));
  expect(one.waiting).toEqual(['a']);
  expect(heard(one, hazard('a')), 'the same order again').toBe(one);
  const dispatched = heard(one, hazard('a', 'dispatched'));
  expect(dispatched.waiting, 'sent out by somebody else, still to be noted').toEqual(['a']);
  const two = noted(heard(dispatched, hazard('b')), ['a']);
  expect(two.waiting).toEqual(['b']);
  expect(heard(two, hazard('a')), 'noted is noted').toBe(two);
});

it('rings for a hazard the server sent out by itself', () => {
  expect(heard(EMPTY_QUEUE, hazard('a', 'dispatched')).waiting).toEqual(['a']);
});

it('is silent about other orders, finished ones and those that were there before', () => {
  expect(heard(EMPTY_QUEUE, { id: 'a', state: 'draft', urgency: 'urgent' })).toBe(EMPTY_QUEUE);
  expect(heard(EMPTY_QUEUE, hazard('a', 'submitted'))).toBe(EMPTY_QUEUE);
  const queue = knowing(EMPTY_QUEUE, ['a']);
  expect(heard(queue, hazard('a', 'arrived'))).toBe(queue);
});
