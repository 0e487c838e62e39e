import { blockPublishers } from './block-publishers.js';
import { checkers } from './checkers.js';
import { cluster } from './cluster.js';
import { fuzz, hostile, poison } from './counted-loads.js';
import { disk } from './disk.js';
import { hangBroker, hangDatabase } from './hang.js';
import { killBroker } from './kill-broker.js';
import { kills } from './kills.js';
import { locks } from './locks.js';
import { network } from './network.js';
import { notifier } from './notifier.js';
import { scaling } from './scaling.js';
import { stopDatabase } from './stop-database.js';
import { stops } from './stops.js';
import type { Trouble } from './trouble.js';

/** All of them, in the order in which they are made. */
export const TROUBLES: readonly Trouble[] = [
  kills,
  stops,
  killBroker,
  hangBroker,
  blockPublishers,
  stopDatabase,
  hangDatabase,
  locks,
  poison,
  fuzz,
  hostile,
  checkers,
  network,
  cluster,
  disk,
  notifier,
  scaling,
];

export const TROUBLE_NAMES = [...new Set(TROUBLES.map(({ name }) => name))];
