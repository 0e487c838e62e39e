import { HEARTBEAT, type OutgoingEvent } from '@backup-awareness/contracts';
import type { SqlRunner } from '../connection/sql-runner.js';
import { instantOf } from '../notifications/instant-of.js';
import { enqueue } from '../outbox/outbox.js';

/** The later of two instants; one that a clock which was set back has left in the future does not count. */
const latest = (column: string) =>
  `CASE WHEN ${column} > now() + interval '1 minute' THEN ${instantOf('$1')} ELSE greatest(${column}, ${instantOf('$1')}) END`;

/**
 * Notes that the leader has decided, and adds its heartbeat to the outbox; not while another one is pending there, so that an outage of the
 * broker leaves one. In the deciding transaction, which holds the lease.
 *
 * @param at whole milliseconds since 1970, by the database's clock
 */
export async function noteDecided(
  transaction: SqlRunner,
  at: number,
  event: OutgoingEvent,
): Promise<void> {
  await transaction.query(`UPDATE heartbeat SET decided_at = ${instantOf('$1')}`, [at]);
  const [pending] = (await transaction.query(
    'SELECT EXISTS (SELECT FROM outbox WHERE name = $1 AND set_aside_at IS NULL) AS is',
    [HEARTBEAT],
  )) as { is: boolean }[];
  if (!pending!.is) await enqueue(transaction, [event]);
}

/** Notes that the broker has confirmed a heartbeat. @param writtenAt when the leader wrote it: a late one proves nothing about now */
export async function noteRelayed(sql: SqlRunner, writtenAt: number): Promise<void> {
  await sql.query(`UPDATE heartbeat SET relayed_at = ${latest('relayed_at')}`, [writtenAt]);
}

/** Notes that audit has received a heartbeat. @param writtenAt when the leader wrote it */
export async function noteRecorded(sql: SqlRunner, writtenAt: number): Promise<void> {
  await sql.query(`UPDATE heartbeat SET recorded_at = ${latest('recorded_at')}`, [writtenAt]);
}

/** Notes that ingest has answered a request for settings. */
export async function noteAnswered(sql: SqlRunner): Promise<void> {
  await sql.query('UPDATE heartbeat SET answered_at = now()');
}

/**
 * Claims the beat that is due, for one replica of the notifier.
 *
 * @returns false while the last beat is more recent than `everyMs`
 */
export async function claimBeat(sql: SqlRunner, now: number, everyMs: number): Promise<boolean> {
  const [, count] = (await sql.query(
    `UPDATE heartbeat SET beaten_at = ${instantOf('$1')}
     WHERE beaten_at IS NULL OR beaten_at <= ${instantOf('$1 - $2')} OR beaten_at > ${instantOf('$1 + $2')}`,
    [now, everyMs],
  )) as [unknown, number];
  return count === 1;
}

/** Gives a claimed beat back that could not be sent, so that another replica may try. */
export async function releaseBeat(sql: SqlRunner): Promise<void> {
  await sql.query('UPDATE heartbeat SET beaten_at = NULL');
}
