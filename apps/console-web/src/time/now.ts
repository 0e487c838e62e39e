import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let offsetMs = 0;
let tick = Math.floor(Date.now() / 1_000);

setInterval(() => {
  tick = Math.floor(Date.now() / 1_000);
  for (const listener of listeners) listener();
}, 1_000);

/** Ages are told by the clock of the database, as everywhere in the product; the browser's may be wrong. */
export function learnNow(now: string): void {
  offsetMs = Date.parse(now) - Date.now();
}

/** The present instant in milliseconds, by the product's clock; renewed each second. */
export function useNow(): number {
  const seconds = useSyncExternalStore(subscribe, () => tick);
  return seconds * 1_000 + offsetMs;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
