import { settingChanged, type OutgoingEvent } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import type { Engine } from '../entities/engine.entity.js';
import { parseBrokerUser, parseFqdn, parseAuthor } from './arguments.js';
import { lockEngine, readClock } from './locked-engine.js';

export interface BrokerUserChange {
  readonly outcome: 'changed' | 'unchanged' | 'unknown_engine';
  readonly fqdn: string;
  /** Null where any broker user may report about the engine. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Accepts reports about an engine from this broker user only, or with null from any. Does not touch the user in the broker.
 *
 * @throws RefusedError for an invalid host name or broker user
 */
export async function setEngineBrokerUser(
  dataSource: DataSource,
  request: { readonly fqdn: string; readonly brokerUser: string | null; readonly who: string },
): Promise<BrokerUserChange> {
  const fqdn = parseFqdn(request.fqdn);
  const who = parseAuthor(request.who);
  const to = request.brokerUser === null ? null : parseBrokerUser(request.brokerUser);
  return inTransaction(dataSource, async (manager) => {
    const engine = await lockEngine(manager, fqdn);
    if (!engine) return { outcome: 'unknown_engine', fqdn, from: null, to };
    const from = engine.brokerUser;
    if (from === to) return { outcome: 'unchanged', fqdn, from, to };
    const when = (await readClock(manager)).toISOString();
    await enqueue(manager, [await changeBrokerUser(manager, { fqdn, who, when, from, to })]);
    return { outcome: 'changed', fqdn, from, to };
  });
}

/** Writes the change to a locked engine. @returns its event, to be enqueued in the same transaction */
export async function changeBrokerUser(
  manager: EntityManager,
  change: Pick<BrokerUserChange, 'fqdn' | 'from' | 'to'> & {
    readonly who: string;
    readonly when: string;
  },
): Promise<OutgoingEvent> {
  const { fqdn, to } = change;
  await manager.update<Engine>(
    'Engine',
    { fqdn },
    { brokerUser: to, version: () => 'version + 1' },
  );
  return settingChanged({ ...change, what: 'BrokerUser' });
}

/** Whether any monitored engine has this broker user. */
export async function hasMonitoredEngine(source: SqlRunner, brokerUser: string): Promise<boolean> {
  const rows: unknown[] = await source.query(
    'SELECT FROM engine WHERE broker_user = $1 AND retired_at IS NULL LIMIT 1',
    [brokerUser],
  );
  return rows.length > 0;
}

/** Whether this engine is monitored, and reports of it count whichever broker user sends them. */
export async function acceptsReportsOfAnyUser(source: SqlRunner, fqdn: string): Promise<boolean> {
  const rows: unknown[] = await source.query(
    'SELECT FROM engine WHERE fqdn = $1 AND broker_user IS NULL AND retired_at IS NULL',
    [fqdn],
  );
  return rows.length > 0;
}

/** The broker users of these engines that no other monitored engine has: they are needed by these engines alone. */
export async function readBrokerUsersOnlyOf(
  source: SqlRunner,
  fqdns: readonly string[],
): Promise<string[]> {
  const rows: { name: string }[] = await source.query(
    `SELECT DISTINCT broker_user AS name FROM engine
     WHERE fqdn = ANY ($1) AND broker_user IS NOT NULL AND NOT EXISTS (SELECT FROM engine other
       WHERE other.broker_user = engine.broker_user AND other.retired_at IS NULL AND other.fqdn <> ALL ($1))
     ORDER BY name`,
    [fqdns],
  );
  return rows.map(({ name }) => name);
}

/** The engines that this broker user may report about, including retired ones, by name; at most `limit`. */
export async function readEnginesOf(
  source: SqlRunner,
  brokerUser: string,
  limit: number,
): Promise<string[]> {
  const rows: { fqdn: string }[] = await source.query(
    'SELECT fqdn FROM engine WHERE broker_user = $1 ORDER BY fqdn LIMIT $2',
    [brokerUser, limit],
  );
  return rows.map(({ fqdn }) => fqdn);
}
