// Finding an entry of a catalogue by any of its texts.

/** Whether any text in the value, at any depth, holds the words (each of them, in any order). */
export function mentions(value: unknown, search: string): boolean {
  if (search === '') return true;
  const text = JSON.stringify(value).toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A day count from 1970-01-01 → `2025-01-01`. */
export function dayOfCount(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
