import { clockAccepted } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { msOf } from '../connection/ms-of.js';
import { enqueue } from '../outbox/outbox.js';
import { parseComment, parseAuthor } from './arguments.js';

/** The facts that show whether the clock is in doubt. Instants are whole milliseconds since 1970. */
export interface ClockReading {
  readonly clockAt: number;
  /** The latest `now` that a decision was made by; null before the first. */
  readonly latestAt: number | null;
  /** When the newest success counts; null without one. */
  readonly newestSuccessAt: number | null;
}

export interface ClockAcceptance {
  readonly outcome: 'accepted' | 'not_in_doubt';
  /** The latest `now` before and after. */
  readonly from: Date | null;
  readonly to: Date;
  /** How many successes no longer count, because they lie in the future. */
  readonly discounted: number;
}

/**
 * Accepts the database's current clock, publishes that, and makes the leader check all engines at once. Successes that lie in the
 * future by this clock never count again. Does nothing while the clock is not in doubt.
 *
 * Has no time-out, because finding those successes may take long; the checker goes on as before until then.
 *
 * @throws RefusedError without an author or a comment
 */
export async function acceptClock(
  dataSource: DataSource,
  request: {
    readonly who: string;
    readonly comment: string;
    readonly isInDoubt: (reading: ClockReading) => boolean;
  },
): Promise<ClockAcceptance> {
  const who = parseAuthor(request.who);
  const comment = parseComment(request.comment);
  return inTransaction(dataSource, async (manager) => {
    await manager.query('SET LOCAL statement_timeout = 0');
    const reading = await readClockState(manager);
    const { clockAt, latestAt } = reading;
    const from = latestAt === null ? null : new Date(latestAt);
    const to = new Date(clockAt);
    if (!request.isInDoubt(reading)) return { outcome: 'not_in_doubt', from, to, discounted: 0 };
    // Slow statements first: they must not run while the row of checker_state is locked, which the leader needs.
    const discounted = await discountFutureSuccesses(manager, to);
    await discountFutureFailures(manager, to);
    await resetTime(manager, to);
    const when = to.toISOString();
    await enqueue(manager, [
      clockAccepted({
        who,
        what: 'clock',
        from: from?.toISOString() ?? null,
        to: when,
        when,
        comment,
        discounted,
      }),
    ]);
    return { outcome: 'accepted', from, to, discounted };
  });
}

/** Includes the last check, because the previous version stores nothing else. */
async function readClockState(manager: EntityManager): Promise<ClockReading> {
  const [row]: [ClockReading | undefined] = await manager.query(
    `SELECT ${msOf('clock_timestamp()')} AS "clockAt", ${msOf('greatest(latest_now_at, last_check_at)')} AS "latestAt",
       (SELECT ${msOf('max(counted_at)')} FROM engine_last_success) AS "newestSuccessAt"
     FROM checker_state`,
  );
  if (!row)
    throw new Error('checker_state has no row: the schema creates it, so somebody deleted it');
  return row;
}

/** SQL for "later than now". `now` is cut to milliseconds, so the rest of its own millisecond is not the future. */
const isAfter = (column: string, now: string) =>
  `${column} >= ${now}::timestamptz + interval '1 millisecond'`;

/** Reads the log only of engines whose last success lies in the future: elsewhere no success does. */
async function discountFutureSuccesses(manager: EntityManager, now: Date): Promise<number> {
  const [, discounted]: [unknown, number] = await manager.query(
    `UPDATE engine_backup_log log SET is_discounted = true
     FROM engine_last_success last
     WHERE ${isAfter('last.counted_at', '$1')} AND log.fqdn = last.fqdn AND log.scope = last.scope
       AND log.is_passed AND ${isAfter('log.counted_at', '$1')}`,
    [now],
  );
  return discounted;
}

/** A failure in the future would stay the latest run until then, whatever succeeds before. */
async function discountFutureFailures(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `UPDATE engine_backup_log SET is_discounted = true
     WHERE NOT is_passed AND NOT is_discounted AND ${isAfter('counted_at', '$1')}`,
    [now],
  );
}

/**
 * Without a last check the leader checks at once. An active alert stores the last full backup at the time of its raise and is cleared by a
 * newer one; no backup would ever be newer than one in the future.
 */
async function resetTime(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `UPDATE checker_state SET latest_now_at = least(greatest(latest_now_at, last_check_at), clock_timestamp()),
       last_check_at = NULL, next_check_at = NULL`,
  );
  await manager.query(
    `UPDATE alert SET last_full_backup_at = (
       SELECT CASE WHEN count(*) = 2 THEN min(counted_at) END FROM engine_last_success last
       WHERE last.fqdn = alert.fqdn AND last.scope IN ('db', 'files'))
     WHERE cleared_at IS NULL AND ${isAfter('last_full_backup_at', '$1')}`,
    [now],
  );
}
