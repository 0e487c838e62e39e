import type { UnknownSpell } from '@backup-awareness/database';
import type { Pulse } from '../destination.js';

/** A shorter outage of the database does not make the status unknown. */
const MAY_LAST_MS = 5 * 60_000;

/** An outage of the database as a spell of unknown status; undefined while the database answers, and for the first five minutes. */
export function outageOf({
  unreadable,
  now,
}: Pick<Pulse, 'unreadable' | 'now'>): Omit<UnknownSpell, 'unknownId'> | undefined {
  if (!unreadable || now - unreadable.sinceAt < MAY_LAST_MS) return undefined;
  return { beganAt: unreadable.sinceAt, endedAt: null, reason: outageInWords(unreadable) };
}

export function outageInWords({ error }: NonNullable<Pulse['unreadable']>): string {
  return `The database cannot be read or written: ${error}.`;
}
