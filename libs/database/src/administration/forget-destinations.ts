import { describe } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { msOf } from '../connection/ms-of.js';
import { onDatabase, rowsOf } from '../connection/on-database.js';
import type { ReadTls, SessionClient } from '../connection/session-client.js';
import { removeDestinations } from '../notifications/destination-health.js';
import { readClock } from './locked-engine.js';
import { refuseWith } from './refused-error.js';

/** A replica records that it serves a destination several times as often. */
const SERVED_WITHIN_MS = 120_000;

/**
 * Removes a destination that is no longer configured, so that nobody waits for it. What it was not sent is kept.
 *
 * @throws RefusedError if there is none of this name, or a notifier served it within the last two minutes
 */
export async function forgetDestination(dataSource: DataSource, name: string): Promise<void> {
  await inTransaction(dataSource, async (manager) => {
    const all: { destination: string }[] = await manager.query(
      'SELECT destination FROM notification_destination ORDER BY destination FOR UPDATE',
    );
    const names = all.map(({ destination }) => destination);
    if (!names.includes(name))
      refuseWith(
        'destination',
        names.length === 0 ? 'nothing, since there are none' : `one of ${names.join(', ')}`,
        describe(name),
      );
    const others = names.filter((one) => one !== name);
    const now = (await readClock(manager)).getTime();
    await removeDestinations(manager, others, now, SERVED_WITHIN_MS);
    const [served]: { seenAt: number }[] = await manager.query(
      `SELECT ${msOf('seen_at')} AS "seenAt" FROM notification_destination WHERE destination = $1::text`,
      [name],
    );
    if (served)
      refuseWith(
        'destination',
        'one that no notifier has served for two minutes (stop its notifier, or remove it from the configuration)',
        `${name}, last served at ${new Date(served.seenAt).toISOString()}`,
      );
  });
}

/**
 * Removes the destinations that no notifier has served for seven days, where none runs that would do it.
 *
 * @throws DatabaseUnreachable
 */
export async function forgetDestinations(ownerUrl: string, readTls?: ReadTls): Promise<void> {
  const forget = async (client: SessionClient): Promise<void> => {
    const sql = rowsOf(client);
    const [{ now }] = (await sql.query(`SELECT ${msOf('clock_timestamp()')} AS now`)) as [
      { now: number },
    ];
    await removeDestinations(sql, [], now);
  };
  await onDatabase(ownerUrl, 'administration', forget, readTls);
}
