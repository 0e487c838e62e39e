import { readFleetState } from '@backup-awareness/overview/state';
import { readSnapshot } from './read-snapshot.js';
import { sharedRead } from './shared-read.js';

/** All engines as of one instant after the call. */
export const readFleet = sharedRead((db) => readSnapshot(db, readFleetState));
