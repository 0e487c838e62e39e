import { startDestination } from '@backup-awareness/database';
import type { DataSource } from 'typeorm';
import { NOTHING_TO_TELL, type Destination } from './destination.js';

/** A destination that starts with the present state if it is new or its URL has changed. */
export function startingWithPresentState(
  db: DataSource,
  url: string,
  destination: Destination,
): Destination {
  const { name } = destination;
  let isStarted = false;
  return {
    name,
    async round(pulse, signal) {
      if (pulse.version === null) return NOTHING_TO_TELL;
      if (!isStarted) await startDestination(db, name, { url, now: pulse.now });
      isStarted = true;
      return destination.round(pulse, signal);
    },
  };
}
