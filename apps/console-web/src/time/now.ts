import { useSyncExternalStore } from 'react';

const SECOND_MS = 1_000;
const listeners = new Set<() => void>();
let offsetMs = 0;
let now = Date.now();

setInterval(renew, SECOND_MS);

function renew(): void {
  now = Math.floor(Date.now() / SECOND_MS) * SECOND_MS + offsetMs;
  for (const listener of listeners) listener();
}

/** Ages are told by the clock of the database, as everywhere in the product; the browser's may be wrong. */
export function learnNow(instant: string): void {
  offsetMs = Date.parse(instant) - Date.now();
  renew();
}

/** The present instant in milliseconds, by the product's clock. */
export const presentInstant = (): number => Date.now() + offsetMs;

/** The present instant in milliseconds, by the product's clock; renewed each second. */
export function useNow(): number {
  return useOfNow((at) => at);
}

/**
 * What is told of the present instant, such as the text of an age: who asks is drawn again only when that changes, not each second.
 *
 * @param of a text, a number or a boolean of an instant in milliseconds
 */
export function useOfNow<Told extends string | number | boolean>(of: (now: number) => Told): Told {
  return useSyncExternalStore(subscribe, () => of(now));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
