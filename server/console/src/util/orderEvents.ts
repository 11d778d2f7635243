// The time line as people read it: what a stored event is called, the sentence worth showing out of its detail,
// and rows of the same kind told once. The server keeps every event; nothing is hidden from the audit.

/** What a phone or the server adds without a command of the lifecycle. */
export const FACTS = [
  'record',
  'note',
  'evidence',
  'evidence_withdrawn',
  'evidence_arrived',
  'cost',
  'refusal_handled',
] as const;
export type Fact = (typeof FACTS)[number];

interface EventLike {
  command: string;
  actor_name: string;
  device_id: string | null;
  detail: unknown;
}

function text(detail: unknown, name: string): string | null {
  if (typeof detail !== 'object' || detail === null) return null;
  const value = (detail as Record<string, unknown>)[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The fact an event tells; `null` for a command of the lifecycle. */
export function factOf(event: Pick<EventLike, 'command' | 'detail'>): Fact | null {
  if (event.command !== 'fact') return null;
  const name = text(event.detail, 'fact');
  return FACTS.find((fact) => fact === name) ?? null;
}

/** The sentence worth showing out of an event's detail. */
export function eventNote(detail: unknown): string | null {
  return text(detail, 'reason') ?? text(detail, 'note') ?? text(detail, 'text');
}

/** Newest first; facts of one sort by one person in a row become one entry with a count. */
export function foldEvents<E extends EventLike>(events: readonly E[]): { event: E; times: number }[] {
  const folded: { event: E; times: number }[] = [];
  for (const event of [...events].reverse()) {
    const before = folded.at(-1);
    const fact = factOf(event);
    if (
      before !== undefined &&
      fact !== null &&
      fact === factOf(before.event) &&
      event.actor_name === before.event.actor_name &&
      event.device_id === before.event.device_id &&
      eventNote(event.detail) === null &&
      eventNote(before.event.detail) === null
    )
      before.times += 1;
    else folded.push({ event, times: 1 });
  }
  return folded;
}
