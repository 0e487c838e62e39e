import type { EntityManager } from 'typeorm';

export interface LockedEngine {
  readonly watchedSince: Date;
  readonly retiredAt: Date | null;
  /** Null where the general period holds. */
  readonly alertPeriodDays: string | null;
  /** Null where any broker user may report about it. */
  readonly brokerUser: string | null;
}

/**
 * Locks an engine's row until the end of the transaction, so that the ids of its events in the outbox follow the order
 * of their commits. Undefined where the engine is not known.
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
 * The database's clock at this moment, in whole milliseconds, so that a row and its event tell the same instant.
 * Asked for after the lock: the transaction's own `now()` may lie before the change that the lock has waited for.
 */
export async function readClock(manager: EntityManager): Promise<Date> {
  const rows: { now: Date }[] = await manager.query(
    `SELECT date_trunc('milliseconds', clock_timestamp()) AS now`,
  );
  return (rows[0] as { now: Date }).now;
}
