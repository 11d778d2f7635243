// New hazard orders that nobody at this desk has noted yet. An order rings once, whatever happens to it later;
// it stays in the queue until a person has noted it.

export interface HazardQueue {
  /** To be noted, oldest first. */
  waiting: readonly string[];
  /** Rang already. */
  known: ReadonlySet<string>;
}

export const EMPTY_QUEUE: HazardQueue = { waiting: [], known: new Set() };

interface Notice {
  id: string;
  state: string;
  urgency: string;
}

/** The queue after a notice; the same object when it is nothing new. */
export function heard(queue: HazardQueue, notice: Notice): HazardQueue {
  const isNew = notice.urgency === 'hazard' && notice.state === 'draft' && !queue.known.has(notice.id);
  if (!isNew) return queue;
  return { waiting: [...queue.waiting, notice.id], known: new Set([...queue.known, notice.id]) };
}

export function noted(queue: HazardQueue, ids: readonly string[]): HazardQueue {
  return { ...queue, waiting: queue.waiting.filter((id) => !ids.includes(id)) };
}
