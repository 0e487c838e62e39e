import { addressOf, readServed, startDestination } from '@backup-awareness/database';
import type { DataSource } from 'typeorm';
import { NOTHING_TO_TELL, type Destination, type Round } from './destination.js';

/** A replica records that it serves a destination several times as often. */
const UNSEEN_MS = 120_000;

const SUPERSEDED: Round = {
  ...NOTHING_TO_TELL,
  error: 'a notifier that was started later serves another URL: this one sends nothing to its own',
  isBroken: true,
  isSuperseded: true,
};

/**
 * A destination that starts with the present state if it is new or its URL has changed. The replica that was started last decides the URL: while a
 * rolling update replaces replicas, those with another URL send nothing. If nobody has served that URL for two minutes, they start again.
 *
 * @param destination makes the destination, with the address of its URL
 */
export function startingWithPresentState(
  db: DataSource,
  url: string,
  destination: (address: string) => Destination,
): Destination {
  const address = addressOf(url);
  const { name, round } = destination(address);
  let isStarted = false;
  return {
    name,
    async round(pulse, signal) {
      if (pulse.version === null) return NOTHING_TO_TELL;
      if (!isStarted) await startDestination(db, name, { address, now: pulse.now });
      isStarted = true;
      const outcome = await round(pulse, signal);
      const served = await readServed(db, name);
      if (served?.address === address) return outcome;
      isStarted = served?.address != null && Math.abs(pulse.now - served.seenAt) < UNSEEN_MS;
      return isStarted ? SUPERSEDED : { ...NOTHING_TO_TELL, isSuperseded: true };
    },
  };
}
