// New hazard orders that nobody at this desk has noted yet. An order rings once, whatever happens to it later;
// it stays in the queue until a person has noted it. Most are sent out by the server at once, so the state is no
// sign of what is new: those that were open when the desk began to listen are known from the start.

export interface HazardQueue {
  /** To be noted, oldest first. */
  waiting: readonly string[];
  /** Rang already. */
  known: ReadonlySet<string>;
}

export const EMPTY_QUEUE: HazardQueue = { waiting: [], known: new Set() };

/** Nobody is in danger any more, or nobody was. */
const DONE: ReadonlySet<string> = new Set(['submitted', 'archived', 'cancelled']);

interface Notice {
  id: string;
  state: string;
  urgency: string;
}

/** The queue after a notice; the same object when it is nothing new. */
export function heard(queue: HazardQueue, notice: Notice): HazardQueue {
  const isDone = DONE.has(notice.state);
  if (notice.urgency !== 'hazard' || isDone || queue.known.has(notice.id)) return queue;
  return { waiting: [...queue.waiting, notice.id], known: new Set([...queue.known, notice.id]) };
}

/** These were there before: they do not ring. */
export function knowing(queue: HazardQueue, ids: readonly string[]): HazardQueue {
  return { ...queue, known: new Set([...queue.known, ...ids]) };
}

export function noted(queue: HazardQueue, ids: readonly string[]): HazardQueue {
  return { ...queue, waiting: queue.waiting.filter((id) => !ids.includes(id)) };
}
