import { describe, expect, it } from 'vitest';
import { keys } from './keys';
import { staleKeys } from './live';

describe('what a notice makes stale', () => {
  it('an order: its page, all lists, the proposals and the overview', () => {
    const stale = staleKeys(
      'order',
      '{"kind":"order","id":"1","version":2,"state":"draft","urgency":"normal"}',
    );
    expect(stale).toContainEqual(keys.order('1'));
    expect(stale).toContainEqual(keys.orders);
    expect(stale).toContainEqual(keys.overview);
  });

  it('a list: that list', () => {
    expect(staleKeys('list', '{"kind":"list","name":"devices"}')).toContainEqual(['devices']);
  });

  it('an unknown resume point or a broken notice: everything', () => {
    expect(staleKeys('reset', '')).toEqual([[]]);
    expect(staleKeys('order', 'not json')).toEqual([[]]);
  });

  it('a phone’s scope: nothing here', () => {
    expect(staleKeys('scope', '{"scope":"user:1"}')).toEqual([]);
  });
});
