// The server's "now" for count-downs: one timer for the page, a tick every 15 s is enough for minutes.
import { useSyncExternalStore } from 'react';
import { serverNowMs } from '@/api/client';

const TICK_MS = 15_000;
let now = serverNowMs();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = serverNowMs();
    timer = setInterval(() => {
      now = serverNowMs();
      for (const each of listeners) each();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

function snapshot(): number {
  const fresh = serverNowMs();
  if (Math.abs(fresh - now) > TICK_MS) now = fresh;
  return now;
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, snapshot);
}
