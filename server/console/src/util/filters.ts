// Filters of a list live in the URL: a view can be sent to a colleague and "back" loses nothing.
// Only known names are read; unknown or empty values are dropped. A `private` filter (typed search text:
// a name, a phone number) never enters the URL; it travels in the history entry, so "back" keeps it too.

export type FilterShape = Record<string, 'text' | 'flag' | 'time' | 'private'>;
export type Filters<S extends FilterShape> = {
  [K in keyof S]?: S[K] extends 'flag' ? boolean : S[K] extends 'time' ? number : string;
};

/** Reads the known filters out of the query part of the URL and the history entry. */
export function readFilters<S extends FilterShape>(
  shape: S,
  params: URLSearchParams,
  hidden: Readonly<Record<string, string>> = {},
): Filters<S> {
  const filters: Record<string, string | number | boolean> = {};
  for (const [name, kind] of Object.entries(shape)) {
    const value = kind === 'private' ? (hidden[name] ?? null) : params.get(name);
    if (value === null || value === '') continue;
    if (kind === 'flag') {
      if (value === 'true') filters[name] = true;
    } else if (kind === 'time') {
      const ms = Number(value);
      if (Number.isSafeInteger(ms) && ms > 0) filters[name] = ms;
    } else {
      filters[name] = value;
    }
  }
  return filters as Filters<S>;
}

/** The URL after a change: `undefined`, `false` and empty take a filter away; other names stay. */
export function writeFilters(
  params: URLSearchParams,
  change: Record<string, string | number | boolean | null | undefined>,
): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === null || value === '' || value === false) next.delete(name);
    else next.set(name, String(value));
  }
  return next;
}

/** The private values out of a history entry's state. */
export function hiddenOf(state: unknown): Record<string, string> {
  if (typeof state !== 'object' || state === null || !('hidden' in state)) return {};
  const { hidden } = state as { hidden: unknown };
  if (typeof hidden !== 'object' || hidden === null) return {};
  return Object.fromEntries(
    Object.entries(hidden).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** How many of the named filters are set: shown on the "more filters" button of narrow screens. */
export function countFilters(filters: Record<string, unknown>, names: readonly string[]): number {
  return names.filter((name) => filters[name] !== undefined).length;
}
