import { virtualHostOf } from '@backup-awareness/contracts/plain';
import { onDatabase, rowsOf, type SqlRunner } from '@backup-awareness/database/connection';
import type { TopologyComparison } from '@backup-awareness/messaging/compare-topology';
import { readProductState, type ProductState } from '../../state/product-state.js';
import type { DoctorTarget } from '../target.js';
import { lookAtBroker, type BrokerLook } from './broker-look.js';

/** What the installation was not told of, so that a check cannot look. */
export class NotConfigured extends Error {
  override readonly name = 'NotConfigured';

  constructor(readonly variable: string) {
    super(`${variable} is not set`);
  }
}

/** What several checks look at; each is read once, when it is first needed. */
export interface Looks {
  readonly target: DoctorTarget;
  /** @throws NotConfigured */
  readonly databaseUrl: () => string;
  /** @throws NotConfigured */
  readonly amqpUrl: () => string;
  /** Reads from one snapshot, on a connection of its own. */
  readonly readDatabase: <T>(work: (sql: SqlRunner) => Promise<T>) => Promise<T>;
  readonly product: () => Promise<ProductState>;
  readonly broker: () => Promise<BrokerLook>;
  /** Undefined if the management API is not configured. */
  readonly comparison: () => Promise<TopologyComparison | undefined>;
}

export function looksAt(target: DoctorTarget): Looks {
  const databaseUrl = () => configured(target.databaseUrl, 'DATABASE_URL');
  const amqpUrl = () => configured(target.amqpUrl, 'AMQP_URL');
  const readDatabase = async <T>(work: (sql: SqlRunner) => Promise<T>) =>
    onDatabase(
      databaseUrl(),
      'administration',
      async (client) => {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        return work(rowsOf(client));
      },
      target.readDatabaseTls,
    );
  return {
    target,
    databaseUrl,
    amqpUrl,
    readDatabase,
    product: once(() => readDatabase((sql) => readProductState(sql))),
    broker: once(async () => lookAtBroker(amqpUrl(), target.brokerTls)),
    comparison: once(async () => {
      const url = amqpUrl();
      if (target.management === undefined) return undefined;
      const { compareTopology } = await import('@backup-awareness/messaging/compare-topology');
      return compareTopology(target.management, virtualHostOf(url));
    }),
  };
}

function configured(value: string | undefined, variable: string): string {
  if (value === undefined) throw new NotConfigured(variable);
  return value;
}

function once<T>(look: () => Promise<T>): () => Promise<T> {
  let looked: Promise<T> | undefined;
  return () => (looked ??= look());
}
