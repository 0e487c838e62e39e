import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Part } from '../processes/part.js';
import { packagedPostgresql, runnableBy } from './postgresql-binaries.js';
import { ENVIRONMENT, OWNER, ensureData, linkTarget, type Place } from './postgresql-data.js';
import { postgresUser } from './postgres-user.js';
import {
  ROOT_FOLDER,
  aboutDatabasesWithoutRunDirectory,
  rootInstanceFolder,
} from './root-instances.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { createSingleProcess } from '../processes/single-process.js';
import { startAgainOnLostPort } from '../processes/start-again-on-lost-port.js';
import { spawnRecorded, type StartedProcess } from '../processes/spawn-recorded.js';
import { StartFailure } from '../output/start-failure.js';
import { STOP_STEPS } from '../processes/stop-process.js';

const DATABASE = 'backup_awareness';
const INVALID_PASSWORD = '28P01';

export interface PostgresqlOptions {
  readonly signal?: AbortSignal;
  /** Further settings of the server, such as `fsync: 'off'`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called when a new, empty database is created, so that nobody takes it for the previous one. */
  readonly say?: (text: string) => void;
}

/** A private PostgreSQL server that listens on loopback only. */
export interface Postgresql extends Part {
  /** As its owner, a superuser of this server. */
  readonly databaseUrl: string;
  readonly port: number;
  readonly version: string;
  /** Stops it cleanly, or (`immediate`) as a power cut would, so that it recovers at the next start. */
  stop(how?: 'immediate'): Promise<void>;
}

/**
 * Starts the private server of this run directory, with its existing data if there is any.
 *
 * @throws StartFailure where this platform or user has none; EndedEarly with the end of its log
 */
export async function startPostgresql(
  runDirectory: RunDirectory,
  options: PostgresqlOptions = {},
): Promise<Postgresql> {
  return startAgainOnLostPort(
    () => preparePostgresql(runDirectory, options),
    ({ port }) => [port],
    options.signal,
  );
}

/** The same, not started yet. */
async function preparePostgresql(
  runDirectory: RunDirectory,
  options: PostgresqlOptions = {},
): Promise<Postgresql> {
  const place = findPlace(runDirectory);
  const hadPassword = runDirectory.recall('databaseOwner') !== undefined;
  const password = runDirectory.password('databaseOwner');
  const port = await runDirectory.port('postgresql');
  const databaseUrl = urlOf(port, password, DATABASE);
  const log = runDirectory.log('postgresql');

  const spawnPostmaster = async (): Promise<StartedProcess> => {
    const isNew = !existsSync(join(place.folder, 'data'));
    const data = await ensureData(runDirectory, place, {
      password,
      hadPassword,
      signal: options.signal,
    });
    if (isNew) {
      options.say?.(`Created a new, empty database in ${data}.`);
      const others = place.user && aboutDatabasesWithoutRunDirectory(runDirectory);
      if (others) options.say?.(others);
    }
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      // Clients use TCP: a socket's path must be short, and the run directory may be anywhere.
      unix_socket_directories: '',
      max_connections: '200',
      // No subscriptions: a process less.
      max_logical_replication_workers: '0',
      password_encryption: 'scram-sha-256',
      timezone: 'UTC',
      log_timezone: 'UTC',
      ...options.settings,
    };
    return spawnRecorded(runDirectory.processes, {
      name: 'postgresql',
      kind: 'database',
      command: place.binaries.postgres,
      args: [
        '-D',
        data,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      env: ENVIRONMENT,
      cwd: place.folder,
      log,
      ...(place.user ? { as: place.user } : {}),
    });
  };

  const part = createSingleProcess({
    title: 'PostgreSQL',
    kind: 'database',
    log,
    spawn: spawnPostmaster,
    answers: () => ensureDatabase(urlOf(port, password, 'postgres')),
  });
  return {
    title: part.title,
    get pid() {
      return part.pid;
    },
    get unreadyReason() {
      return part.unreadyReason;
    },
    databaseUrl,
    port,
    version: place.binaries.version.split('.').slice(0, 2).join('.'),
    start: part.start,
    ended: part.ended,
    kill: part.kill,
    stop: (how) =>
      part.stop(how === 'immediate' ? STOP_STEPS.database.slice(1) : STOP_STEPS.database),
  };
}

/** @throws StartFailure where the data may belong to another run directory, or were moved */
function findPlace(runDirectory: RunDirectory): Place {
  const packaged = packagedPostgresql();
  if (process.getuid?.() === 0) {
    const user = postgresUser();
    const folder = rootInstanceFolder(runDirectory, user);
    return { folder, user, binaries: runnableBy(user, packaged, ROOT_FOLDER) };
  }
  const folder = join(runDirectory.path, 'postgresql');
  const target = linkTarget(folder);
  if (target?.startsWith(`${ROOT_FOLDER}/`))
    throw new StartFailure(
      `the database of ${runDirectory.path} was created by root, and is in ${target}: start as root, or set RUN_DIR to a new folder.`,
    );
  if (target !== undefined && !existsSync(folder))
    throw new StartFailure(
      `${folder} points to ${target}, which is missing: is its file system mounted? Set RUN_DIR to a new folder to start with an empty database.`,
    );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { folder: realpathSync(folder), binaries: packaged };
}

function urlOf(port: number, password: string, database: string): string {
  return `postgresql://${OWNER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [
      DATABASE,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE} OWNER ${OWNER}`);
    await closeOtherDatabases(client);
  } catch (error) {
    if ((error as { code?: string }).code !== INVALID_PASSWORD) throw error;
    throw new StartFailure(
      'PostgreSQL does not accept its password in secrets.json: restore the secrets.json that belongs to these data.',
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The services' roles need none of the databases that initdb creates beside ours. */
async function closeOtherDatabases(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database
     WHERE datname IN ('postgres', 'template1') AND has_database_privilege('public', oid, 'CONNECT')`,
  );
  for (const { datname } of rows)
    await client.query(`REVOKE CONNECT ON DATABASE ${datname} FROM PUBLIC`);
}
