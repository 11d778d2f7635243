// Which open orders may be the same matter as this one: the same customer whatever it is about, or the same
// transformer area and kind within some hours. A hint for a person, never a decision.

export const NEAR_HOURS = 6;
const NEAR_MS = NEAR_HOURS * 3_600_000;

interface OrderLike {
  id: string;
  kind: string;
  account_number: string | null;
  area_id: string | null;
  taken_in_at_ms: number;
}

export type Likeness = 'same_customer' | 'same_area';

export function likeness(one: OrderLike, other: OrderLike): Likeness | null {
  if (one.id === other.id) return null;
  if (one.account_number !== null && one.account_number === other.account_number) return 'same_customer';
  const isNear = Math.abs(one.taken_in_at_ms - other.taken_in_at_ms) <= NEAR_MS;
  if (one.area_id !== null && one.area_id === other.area_id && one.kind === other.kind && isNear)
    return 'same_area';
  return null;
}

/** The likely ones, same customer first, each once. */
export function likely<O extends OrderLike>(
  one: OrderLike,
  others: readonly O[],
): { order: O; why: Likeness }[] {
  const seen = new Set<string>();
  const found = others.flatMap((order) => {
    const why = likeness(one, order);
    if (why === null || seen.has(order.id)) return [];
    seen.add(order.id);
    return [{ order, why }];
  });
  return found.sort((a, b) => Number(b.why === 'same_customer') - Number(a.why === 'same_customer'));
}
