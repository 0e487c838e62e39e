import type { EntityManager } from 'typeorm';

export interface LockedEngine {
  readonly watchedSince: Date;
  readonly retiredAt: Date | null;
  /** Null where the general period applies. */
  readonly alertPeriodDays: string | null;
  /** Null where any broker user may report about it. */
  readonly brokerUser: string | null;
}

/**
 * Locks an engine's row until the end of the transaction, so that its events get outbox ids in the order of their commits.
 *
 * @returns undefined for an unknown engine
 */
export async function lockEngine(
  manager: EntityManager,
  fqdn: string,
): Promise<LockedEngine | undefined> {
  const rows: LockedEngine[] = await manager.query(
    `SELECT watched_since AS "watchedSince", retired_at AS "retiredAt", alert_period_days AS "alertPeriodDays",
       broker_user AS "brokerUser"
     FROM engine WHERE fqdn = $1 FOR UPDATE`,
    [fqdn],
  );
  return rows[0];
}

/**
 * The database's current time in whole milliseconds, so that a row and its event have the same instant.
 * Read it after taking the lock: the transaction's `now()` may be earlier than the change that the lock waited for.
 */
export async function readClock(manager: EntityManager): Promise<Date> {
  const rows: { now: Date }[] = await manager.query(
    `SELECT date_trunc('milliseconds', clock_timestamp()) AS now`,
  );
  return (rows[0] as { now: Date }).now;
}
