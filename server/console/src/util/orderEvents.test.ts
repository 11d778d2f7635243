import { describe, expect, it } from 'vitest';
import { eventNote, factOf, foldEvents } from './orderEvents';

const fact = (name: string, more: object = {}) => ({
  command: 'fact',
  actor_name: '王一',
  device_id: 'p',
  detail: { fact: name, ...more },
});

describe('the time line', () => {
  it('knows facts and lets strange ones be', () => {
    expect(factOf(fact('cost'))).toBe('cost');
    expect(factOf(fact('of_a_later_version'))).toBeNull();
    expect(factOf({ command: 'submit', detail: { fact: 'cost' } })).toBeNull();
  });
  it('shows a reason, a note or a typed text', () => {
    expect(eventNote({ reason: '照片不清' })).toBe('照片不清');
    expect(eventNote({ fact: 'note', text: '门锁着' })).toBe('门锁着');
    expect(eventNote({ note: '' })).toBeNull();
    expect(eventNote(null)).toBeNull();
  });
  it('tells files that came in a row once, newest first, and never merges notes', () => {
    const events = [
      fact('record'),
      fact('evidence'),
      fact('evidence'),
      { ...fact('evidence'), actor_name: '系统' },
      fact('note', { text: '甲' }),
      fact('note', { text: '乙' }),
    ];
    const folded = foldEvents(events);
    expect(folded.map(({ event, times }) => [factOf(event), event.actor_name, times])).toEqual([
      ['note', '王一', 1],
      ['note', '王一', 1],
      ['evidence', '系统', 1],
      ['evidence', '王一', 2],
      ['record', '王一', 1],
    ]);
  });
});
