import 'reflect-metadata';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../entities/entities.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from '../schema/migrations/migrations.js';
import { SessionClient } from './session-client.js';
import type { SessionKind } from './session-settings.js';
import { silentLogger } from './silent-logger.js';

export interface DataSourceOptions {
  /** What its sessions are for, and so their settings; `service` where not given. */
  readonly session?: SessionKind;
  /** How many connections at most; 4 where not given. */
  readonly poolSize?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** How long a connection may take, and the wait for a free one of the pool; 5,000 where not given. */
  readonly connectTimeoutMs?: number;
  /**
   * How long a statement may go unanswered before its connection is given up; 6,000 where not given, a little over the
   * server's own `statement_timeout` of the services' sessions, so that only a server that hangs is caught by it; 0 for ever.
   */
  readonly queryTimeoutMs?: number;
  /** The certificate, in PEM, of the authority that signed the server's; without it the URL's `sslmode` says what is trusted. */
  readonly ca?: string | undefined;
  /** Told when an idle connection breaks; the pool has replaced it by then. */
  readonly onPoolError?: (error: Error) => void;
}

/**
 * A data source for one process, not yet initialized.
 *
 * Each connection begins with one statement that sets what its session goes by; nothing else needs a session of its own (no prepared
 * statement by name, no start-up parameter but `application_name`). Behind a transaction pooler, which hands sessions round, the roles'
 * own settings give the same values, and readiness verifies them.
 */
export function dataSourceFor(url: string, options: DataSourceOptions = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    ...(options.ca === undefined ? {} : { ssl: { ca: options.ca } }),
    applicationName: options.applicationName ?? 'backup-awareness',
    poolSize: options.poolSize ?? 4,
    connectTimeoutMS: options.connectTimeoutMs ?? 5_000,
    extra: {
      Client: SessionClient,
      session: options.session ?? 'service',
      query_timeout: options.queryTimeoutMs ?? 6_000,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
    poolErrorHandler: (error: Error) => options.onPoolError?.(error),
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    logger: silentLogger,
  });
}
