import { settingChanged, type OutgoingEvent } from '@backup-awareness/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../in-transaction.js';
import { enqueue } from '../outbox.js';
import type { SqlRunner } from '../sql-runner.js';
import { sqlState } from '../sql-state.js';
import { readBrokerUser, readFqdn, readWho } from './arguments.js';
import { lockEngine, readClock } from './locked-engine.js';
import { refuseWith } from './refused-error.js';

export interface BrokerUserChange {
  readonly outcome: 'changed' | 'unchanged' | 'unknown_engine';
  readonly fqdn: string;
  /** Null where any broker user may report about the engine. */
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Has reports about an engine count only from this broker user, or (null) from any. The user itself is the broker's and is not touched.
 *
 * @throws RefusedError for what is no host name, or another engine's broker user
 */
export async function setEngineBrokerUser(
  dataSource: DataSource,
  request: { readonly fqdn: string; readonly brokerUser: string | null; readonly who: string },
): Promise<BrokerUserChange> {
  const fqdn = readFqdn(request.fqdn);
  const who = readWho(request.who);
  const to = request.brokerUser === null ? null : readBrokerUser(request.brokerUser);
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

/** Writes the change to a locked engine; the event that tells it is for the same transaction. */
export async function changeBrokerUser(
  manager: EntityManager,
  change: Pick<BrokerUserChange, 'fqdn' | 'from' | 'to'> & {
    readonly who: string;
    readonly when: string;
  },
): Promise<OutgoingEvent> {
  const { fqdn, to } = change;
  await manager
    .query('UPDATE engine SET broker_user = $2, version = version + 1 WHERE fqdn = $1', [fqdn, to])
    .catch((error: unknown) => {
      if (sqlState(error) === UNIQUE_VIOLATION && to !== null) refuseTaken(to, 'another engine');
      throw error;
    });
  return settingChanged({ ...change, what: 'BrokerUser' });
}

const UNIQUE_VIOLATION = '23505';

/**
 * The broker user that an engine has so far, null where it has none or is not known.
 *
 * @throws RefusedError where `wanted` is another engine's: one host must not vouch for another
 */
export async function readBrokerUserOf(
  source: SqlRunner,
  fqdn: string,
  wanted?: string,
): Promise<string | null> {
  const rows: { fqdn: string; brokerUser: string | null }[] = await source.query(
    'SELECT fqdn, broker_user AS "brokerUser" FROM engine WHERE fqdn = $1 OR broker_user = $2',
    [fqdn, wanted ?? null],
  );
  const other = rows.find((engine) => engine.fqdn !== fqdn);
  if (other && wanted !== undefined) refuseTaken(wanted, other.fqdn);
  return rows.find((engine) => engine.fqdn === fqdn)?.brokerUser ?? null;
}

function refuseTaken(name: string, owner: string): never {
  return refuseWith(
    'broker_user',
    'a user that reports for no other engine',
    `${name}, who reports for ${owner}`,
  );
}
