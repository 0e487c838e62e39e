import { clockAccepted } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { msOf } from '../connection/ms-of.js';
import { enqueue } from '../outbox/outbox.js';
import { readComment, readWho } from './arguments.js';

/** What tells whether the clock is in doubt; instants are whole milliseconds since 1970. */
export interface ClockReading {
  readonly clockAt: number;
  /** The latest `now` ever decided by; null: nothing was ever decided. */
  readonly latestAt: number | null;
  /** When the newest success counts; null: there is none. */
  readonly newestSuccessAt: number | null;
}

export interface ClockAcceptance {
  readonly outcome: 'accepted' | 'not_in_doubt';
  /** The latest `now` until then, and from then on. */
  readonly from: Date | null;
  readonly to: Date;
  /** How many successes count for nothing from now on, since they lie in the future. */
  readonly discounted: number;
}

/**
 * Takes the database's present clock for right, tells of it, and has all engines decided by it at once. Successes that lie in its
 * future count for nothing, for ever. A clock that is not in doubt changes nothing and tells nothing.
 *
 * It takes as long as it takes to find those successes, with no time-out; the checker goes on as before until then.
 *
 * @throws RefusedError where nobody or no reason is named
 */
export async function acceptClock(
  dataSource: DataSource,
  request: {
    readonly who: string;
    readonly comment: string;
    readonly isInDoubt: (reading: ClockReading) => boolean;
  },
): Promise<ClockAcceptance> {
  const who = readWho(request.who);
  const comment = readComment(request.comment);
  return inTransaction(dataSource, async (manager) => {
    await manager.query('SET LOCAL statement_timeout = 0');
    const reading = await readClockState(manager);
    const { clockAt, latestAt } = reading;
    const from = latestAt === null ? null : new Date(latestAt);
    const to = new Date(clockAt);
    if (!request.isInDoubt(reading)) return { outcome: 'not_in_doubt', from, to, discounted: 0 };
    // First what takes long: the state's row is locked for the leader, and for a second that accepts, only at the end.
    const discounted = await discountFuture(manager, to);
    await discountFutureFailures(manager, to);
    await discountFutureStarts(manager, to);
    // A run that had ended or was superseded by what counts no more may be open again.
    await manager.query('SELECT open_run_refill()');
    await setTimeBack(manager, to);
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

/** The last check counts too: the version before keeps nothing else. */
async function readClockState(manager: EntityManager): Promise<ClockReading> {
  const [row]: [ClockReading | undefined] = await manager.query(
    `SELECT ${msOf('clock_timestamp()')} AS "clockAt", ${msOf('greatest(latest_now_at, last_check_at)')} AS "latestAt",
       (SELECT ${msOf('max(counted_at)')} FROM engine_last_success) AS "newestSuccessAt"
     FROM checker_state`,
  );
  if (!row) throw new Error('checker_state has no row, which the schema brings: it was removed');
  return row;
}

/** SQL for an instant after the present one: that is cut to milliseconds, and what came within its own has no part in the future. */
const isAfter = (column: string, now: string) =>
  `${column} >= ${now}::timestamptz + interval '1 millisecond'`;

/** Where the last success does not lie in the future, none does: the log is read for those engines only. */
async function discountFuture(manager: EntityManager, now: Date): Promise<number> {
  const [, discounted]: [unknown, number] = await manager.query(
    `UPDATE engine_backup_log log SET is_discounted = true
     FROM engine_last_success last
     WHERE ${isAfter('last.counted_at', '$1')} AND log.fqdn = last.fqdn AND log.scope = last.scope
       AND log.is_passed AND ${isAfter('log.counted_at', '$1')}`,
    [now],
  );
  return discounted;
}

/** A failure of the future would be the latest run until then, whatever succeeds meanwhile. */
async function discountFutureFailures(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `UPDATE engine_backup_log SET is_discounted = true
     WHERE NOT is_passed AND NOT is_discounted AND ${isAfter('counted_at', '$1')}`,
    [now],
  );
}

/** A start without a run's name would never end: whatever ends it lies in the future, too, and counts for nothing. */
async function discountFutureStarts(manager: EntityManager, now: Date): Promise<void> {
  await manager.query(
    `UPDATE engine_backup_log SET is_discounted = true
     WHERE is_passed IS NULL AND run_id IS NULL AND NOT is_discounted AND ${isAfter('counted_at', '$1')}`,
    [now],
  );
}

/**
 * Without a last check the leader checks at once. An alert keeps what was its last full backup at the raise, to tell whether a newer one
 * has come: of what counts for nothing none would be newer.
 */
async function setTimeBack(manager: EntityManager, now: Date): Promise<void> {
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
