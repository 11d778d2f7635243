// Online = heard within the last quarter hour: the server's rule for phones (dispatch/rank.rs), used
// where a list carries only the time.

const ONLINE_MS = 15 * 60_000;

export function isOnline(lastSeenAtMs: number | null, nowMs: number): boolean {
  return lastSeenAtMs !== null && nowMs - lastSeenAtMs <= ONLINE_MS;
}
