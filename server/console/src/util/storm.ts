// Storm mode of the dispatch queue: what belongs to one transformer area stands together, so that one outage is
// seen as one. The area with a hazard first, then the one with most orders, then the one that waits longest.

interface Placed {
  id: string;
  area_id: string | null;
  urgency: string;
}

export interface Gathered<O> {
  rows: O[];
  /** Orders of the same area in this queue, by order; only where there is more than one. */
  sameArea: ReadonlyMap<string, number>;
}

/** `rows` come most pressing first and keep that order within an area. */
export function gather<O extends Placed>(rows: readonly O[]): Gathered<O> {
  const areas = new Map<string, O[]>();
  for (const row of rows) {
    // What has no area stands alone.
    const key = row.area_id ?? row.id;
    areas.set(key, [...(areas.get(key) ?? []), row]);
  }
  const hasHazard = (group: readonly O[]) => group.some((row) => row.urgency === 'hazard');
  const groups = [...areas.values()].sort(
    (a, b) => Number(hasHazard(b)) - Number(hasHazard(a)) || b.length - a.length,
  );
  const sameArea = new Map<string, number>();
  for (const group of groups) {
    if (group.length > 1) for (const row of group) sameArea.set(row.id, group.length);
  }
  return { rows: groups.flat(), sameArea };
}
