import {
  readDestinations,
  readFleetState,
  type FleetMemory,
  type FleetState,
} from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import { readSnapshot } from './read-snapshot.js';
import { sharedRead } from './shared-read.js';

/** One for all reads: they are made one at a time. */
const memories = new WeakMap<DataSource, FleetMemory>();

/** All engines, and the destinations of notifications, as of one instant after the call. */
export const readFleet = sharedRead<FleetState>((db) => {
  const memory = memories.get(db) ?? {};
  memories.set(db, memory);
  return readSnapshot(db, async (sql) => ({
    ...(await readFleetState(sql, memory)),
    destinations: await readDestinations(sql),
  }));
});
