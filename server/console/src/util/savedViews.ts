// Named views of a list, per person, on this computer: only what stands in the URL, so never typed search text.

export interface SavedView {
  name: string;
  /** The query part of the URL, without `?`. */
  query: string;
}

export const MOST_VIEWS = 20;
const LONGEST_NAME = 30;

const keyOf = (staffId: string, list: string): string => `dianma.views.${list}.${staffId}`;

function isView(value: unknown): value is SavedView {
  if (typeof value !== 'object' || value === null) return false;
  const { name, query } = value as Record<string, unknown>;
  return typeof name === 'string' && name !== '' && typeof query === 'string';
}

/** What is stored; anything broken is dropped. */
export function readViews(storage: Storage, staffId: string, list: string): SavedView[] {
  try {
    const stored: unknown = JSON.parse(storage.getItem(keyOf(staffId, list)) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isView).slice(0, MOST_VIEWS) : [];
  } catch {
    return [];
  }
}

export function writeViews(
  storage: Storage,
  staffId: string,
  list: string,
  views: readonly SavedView[],
): void {
  storage.setItem(keyOf(staffId, list), JSON.stringify(views.slice(0, MOST_VIEWS)));
}

/** Adds the view; one of the same name is replaced in its place. */
export function withView(views: readonly SavedView[], name: string, query: string): SavedView[] {
  const view = { name: name.trim().slice(0, LONGEST_NAME), query };
  const at = views.findIndex((each) => each.name === view.name);
  return at === -1 ? [...views, view] : views.map((each, index) => (index === at ? view : each));
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
