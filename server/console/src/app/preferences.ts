// What a person sets for himself on this computer: colours, row height, folded rail, hazard notices. Not the language
// (i18n) and nothing about orders.
import { useSyncExternalStore } from 'react';

export interface Preferences {
  isDark: boolean;
  isCompact: boolean;
  /** `null`: by the width of the window. */
  isRailFolded: boolean | null;
  /** Rings and shows a bar for every new hazard order; off until asked for. */
  hasHazardNotice: boolean;
}

const STORE = 'dianma.preferences';
const DEFAULTS: Preferences = { isDark: false, isCompact: true, isRailFolded: null, hasHazardNotice: false };

function load(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(STORE) ?? '{}');
    return { ...DEFAULTS, ...(stored as Partial<Preferences>) };
  } catch {
    return DEFAULTS;
  }
}

let current = load();
const listeners = new Set<() => void>();

export function applyColours(): void {
  document.documentElement.dataset.theme = current.isDark ? 'dark' : 'light';
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  localStorage.setItem(STORE, JSON.stringify(current));
  applyColours();
  for (const listener of listeners) listener();
}

/** Under this a table of orders needs the room of the rail's words. */
export const NARROW_PX = 1320;

/** Whether the rail shows icons only. */
export function isFolded(preferences: Preferences, windowPx: number): boolean {
  return preferences.isRailFolded ?? windowPx < NARROW_PX;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}
