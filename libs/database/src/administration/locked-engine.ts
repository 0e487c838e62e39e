import type { EntityManager } from 'typeorm';

/** Engines per transaction of a change of many, which locks their rows and puts an event for each into the outbox. */
export const STEP_ENGINES = 500;

export interface LockedEngine {
  readonly fqdn: string;
  readonly watchedSince: Date;
  readonly retiredAt: Date | null;
  /** Null where the general period applies. */
  readonly alertPeriodDays: string | null;
  /** Null where any broker user may report about it. */
  readonly brokerUser: string | null;
}

/**
 * Locks the rows of engines until the end of the transaction, so that their events get outbox ids in the order of their commits.
 *
 * @returns the known engines, by name
 */
export async function lockEngines(
  manager: EntityManager,
  fqdns: readonly string[],
): Promise<Map<string, LockedEngine>> {
  const rows: LockedEngine[] = await manager.query(
    `SELECT fqdn, watched_since AS "watchedSince", retired_at AS "retiredAt", alert_period_days AS "alertPeriodDays",
       broker_user AS "brokerUser"
     FROM engine WHERE fqdn = ANY ($1) ORDER BY fqdn FOR UPDATE`,
    [fqdns],
  );
  return new Map(rows.map((row) => [row.fqdn, row]));
}

/** Locks one engine. @returns undefined for an unknown engine */
export async function lockEngine(
  manager: EntityManager,
  fqdn: string,
): Promise<LockedEngine | undefined> {
  return (await lockEngines(manager, [fqdn])).get(fqdn);
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
