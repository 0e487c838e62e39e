import { heartbeat } from '@backup-awareness/contracts';
import { noteDecided, type SqlRunner } from '@backup-awareness/database';
import { instant } from './alert-events.js';
import type { CheckerState } from './checker-state.js';

const EVERY_MS = 60_000;

/**
 * Writes a heartbeat in the transaction that decides, once a minute, for all leaders together.
 *
 * @returns whether one was due
 */
export async function writeHeartbeat(
  transaction: SqlRunner,
  { clockAt, stages }: Pick<CheckerState, 'clockAt' | 'stages'>,
): Promise<boolean> {
  const previousAt = stages.decision;
  // A clock that was set back must not make it wait.
  if (previousAt !== null && clockAt >= previousAt && clockAt - previousAt < EVERY_MS) return false;
  const event = heartbeat({
    who: 'freshness-checker',
    what: 'heartbeat',
    from: previousAt === null ? null : instant(previousAt),
    to: instant(clockAt),
    when: instant(clockAt),
  });
  await noteDecided(transaction, clockAt, event);
  return true;
}
