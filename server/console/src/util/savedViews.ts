// Named views are kept with the account (api/views.ts). Here: reading those that an older console left in this
// browser, so that they move once, and telling whether two queries ask the same.

export interface LocalView {
  name: string;
  /** The query part of the URL, without `?`. */
  query: string;
}

const keyOf = (staffId: string, list: string): string => `dianma.views.${list}.${staffId}`;

function isView(value: unknown): value is LocalView {
  if (typeof value !== 'object' || value === null) return false;
  const { name, query } = value as Record<string, unknown>;
  return typeof name === 'string' && name !== '' && typeof query === 'string';
}

/** What is stored in this browser; anything broken is dropped. */
export function localViews(storage: Storage, staffId: string, list: string): LocalView[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(keyOf(staffId, list)) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isView) : [];
  } catch {
    return [];
  }
}

/** They were moved: nothing stays behind. */
export function forgetLocalViews(storage: Storage, staffId: string, list: string): void {
  storage.removeItem(keyOf(staffId, list));
}

/** Two queries that ask the same, in whatever order. */
export function isSameQuery(a: string, b: string): boolean {
  const sorted = (query: string) => {
    const params = new URLSearchParams(query);
    params.sort();
    return params.toString();
  };
  return sorted(a) === sorted(b);
}
