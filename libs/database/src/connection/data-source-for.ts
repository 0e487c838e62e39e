import 'reflect-metadata';
import pg from './driver.js';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../entities/entities.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from '../schema/migrations/migrations.js';
import { serversOf } from './primary.js';
import { SessionClient, type ReadTls } from './session-client.js';
import type { SessionKind } from './session-settings.js';
import { silentLogger } from './silent-logger.js';
import { verifiedUrl } from './verified-url.js';

export interface DataSourceOptions {
  /** The purpose of its sessions, which determines their settings; `service` by default. */
  readonly session?: SessionKind;
  /** Maximum number of connections; 4 by default. */
  readonly poolSize?: number;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName?: string;
  /** Time limit for connecting, and for waiting for a free connection of the pool; 5,000 by default. */
  readonly connectTimeoutMs?: number;
  /**
   * How long a statement may go unanswered before its connection is given up; 6,000 by default, 0 for no limit. The default is a
   * little over the `statement_timeout` of the services' sessions, so that only a server that hangs reaches it.
   */
  readonly queryTimeoutMs?: number;
  /** Reads the certificates for each new connection; without it the URL's `sslmode` decides about TLS. */
  readonly readTls?: ReadTls | undefined;
  /** Called when an idle connection is lost; the pool replaces it by itself. */
  readonly onPoolError?: (error: Error) => void;
}

/**
 * The longest life of a connection of which something was checked only when it was opened: certificates, which may have been renewed, and
 * that its server is the primary, since a connection to a pooler outlives a fail-over. What has changed counts within a minute.
 */
const CHECKED_AGAIN_AFTER_S = 45;

/**
 * A data source for one process, not yet initialized.
 *
 * @throws ConfigurationError if there are certificates, and the URL asks for less or names some too, or where it names several servers
 * otherwise than `serversOf` expects
 *
 * Each connection starts with one statement that sets its session's settings. Nothing else depends on the session: no named prepared
 * statements, no start-up parameter but `application_name`. Behind a transaction pooler, which shares sessions, the roles' own settings
 * give the same values, and readiness verifies them.
 */
export function dataSourceFor(url: string, options: DataSourceOptions = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    driver: pg,
    url: options.readTls ? verifiedUrl(url) : url,
    applicationName: options.applicationName ?? 'backup-awareness',
    poolSize: options.poolSize ?? 4,
    connectTimeoutMS: options.connectTimeoutMs ?? 5_000,
    extra: {
      Client: SessionClient,
      session: options.session ?? 'service',
      ...(options.readTls && { readTls: options.readTls }),
      ...((options.readTls || serversOf(url).length > 1) && {
        maxLifetimeSeconds: CHECKED_AGAIN_AFTER_S,
      }),
      query_timeout: options.queryTimeoutMs ?? 6_000,
      // Longer than the quarter of a minute after which a service probes: a new connection costs a process, and a password's proof.
      idleTimeoutMillis: 30_000,
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
