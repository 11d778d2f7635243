import { expect, it } from 'vitest';
import { EMPTY_QUEUE, heard, noted } from './hazardQueue';

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

it('is silent about other orders and about hazards already on their way', () => {
  expect(heard(EMPTY_QUEUE, { id: 'a', state: 'draft', urgency: 'urgent' })).toBe(EMPTY_QUEUE);
  expect(heard(EMPTY_QUEUE, hazard('a', 'arrived'))).toBe(EMPTY_QUEUE);
});
