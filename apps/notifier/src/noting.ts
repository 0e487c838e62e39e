import { noteChanges } from '@backup-awareness/database';
import type { DataSource } from 'typeorm';
import type { Pulse } from './destination.js';

const EVERY_MS = 60_000;

/** Adds a destination's due notifications after each change, and every minute in case a change was missed. */
export function noting(
  db: DataSource,
  destination: string,
  isReadByPeople: boolean,
  address: string | null = null,
): (pulse: Pulse) => Promise<void> {
  let notedVersion: string | null = null;
  let notedAt = -Infinity;
  return async ({ now, version }) => {
    if (version === notedVersion && now >= notedAt && now - notedAt < EVERY_MS) return;
    await noteChanges(db, { destination, now, isReadByPeople, address });
    notedVersion = version;
    notedAt = now;
  };
}
