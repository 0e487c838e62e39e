import {
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
  chownSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { identifyProcess } from '../../setup/process-identity.mjs';
import type { Part } from './part.js';
import { packagedPostgresql, runnableBy, type PostgresqlBinaries } from './postgresql-binaries.js';
import { postgresUser, type SystemUser } from './postgres-user.js';
import {
  ROOT_FOLDER,
  postmasterPid,
  removeAbandonedInstances,
  rootInstanceFolder,
} from './root-instances.js';
import type { RunDirectory } from './run-directory.js';
import { createSingleProcess } from './single-process.js';
import { startOnFreePorts } from './start-on-free-ports.js';
import { spawnRecorded, type StartedProcess } from './spawn-recorded.js';
import { STOP_STEPS, stopProcess } from './stop-process.js';

const OWNER = 'backup_awareness';
const DATABASE = 'backup_awareness';
const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

export interface PostgresqlOptions {
  readonly signal?: AbortSignal;
  /** Further settings of the server, such as `fsync: 'off'`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A private PostgreSQL server that listens on loopback only. */
export interface Postgresql extends Part {
  /** The owner's: a superuser of this server, who may also create databases and roles. */
  readonly databaseUrl: string;
  readonly port: number;
  readonly version: string;
  /** Stops it in good order, or (`immediate`) as a power cut would, to recover at the next start. */
  stop(how?: 'immediate'): Promise<void>;
}

/**
 * Brings up the private server of this run directory, with its data of last time if there is any.
 *
 * @throws StartFailure when there is none for this platform or user; EndedEarly with the end of its log
 */
export async function startPostgresql(
  runDirectory: RunDirectory,
  options: PostgresqlOptions = {},
): Promise<Postgresql> {
  return startOnFreePorts(
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
  const password = runDirectory.password('databaseOwner');
  const port = await runDirectory.port('postgresql');
  const databaseUrl = urlOf(port, password, DATABASE);
  const log = runDirectory.log('postgresql');

  const spawnPostmaster = async (): Promise<StartedProcess> => {
    const data = await ensureData(runDirectory, place, password, options.signal);
    await removeStalePidFile(data);
    const settings = {
      listen_addresses: '127.0.0.1',
      port: String(port),
      // Clients come by TCP; a socket's path would have to be short, and ours may be anywhere.
      unix_socket_directories: '',
      max_connections: '200',
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
    get trouble() {
      return part.trouble;
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

interface Place {
  readonly folder: string;
  readonly binaries: PostgresqlBinaries;
  /** Who runs it, when that is not us. */
  readonly user?: SystemUser;
}

function findPlace(runDirectory: RunDirectory): Place {
  const packaged = packagedPostgresql();
  if (process.getuid?.() !== 0) {
    const folder = join(runDirectory.path, 'postgresql');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return { folder: realpathSync(folder), binaries: packaged };
  }
  const user = postgresUser();
  removeAbandonedInstances();
  const folder = rootInstanceFolder(runDirectory, user);
  return { folder, user, binaries: runnableBy(user, packaged, ROOT_FOLDER) };
}

/** Initialises the data aside, and only what is complete gets its name. */
async function ensureData(
  runDirectory: RunDirectory,
  { folder, binaries, user }: Place,
  password: string,
  signal?: AbortSignal,
): Promise<string> {
  const data = join(folder, 'data');
  for (const name of readdirSync(folder).filter((one) => one !== 'data')) {
    rmSync(join(folder, name), { recursive: true, force: true });
  }
  if (existsSync(data)) return data;

  const aside = join(folder, 'data.new');
  const passwordFile = join(folder, 'password');
  // Exclusively: the folder is another user's, who must not be able to lead root's writing elsewhere.
  writeFileSync(passwordFile, password, { mode: 0o600, flag: 'wx' });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const log = runDirectory.log('initdb');
  const initdb = await spawnRecorded(runDirectory.processes, {
    name: 'initdb',
    kind: 'database',
    command: binaries.initdb,
    args: [
      ...['--pgdata', aside, '--username', OWNER, '--pwfile', passwordFile],
      ...['--auth', 'scram-sha-256', '--encoding', 'UTF8'],
      ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
    ],
    env: ENVIRONMENT,
    cwd: folder,
    log,
    ...(user ? { as: user } : {}),
  });
  const onAbort = (): void =>
    void stopProcess(initdb.identity, [
      { signal: 'SIGTERM', waitMs: 5_000 },
      { signal: 'SIGKILL', waitMs: 5_000 },
    ]);
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort();
  const how = await initdb.ended;
  signal?.removeEventListener('abort', onAbort);
  rmSync(passwordFile, { force: true });
  signal?.throwIfAborted();
  if (how !== 'exit 0') throw new Error(`initdb failed (${how}); see ${log.path}`);
  renameSync(aside, data);
  return data;
}

/** PostgreSQL would take any process of ours that has got the old pid for itself still running. */
async function removeStalePidFile(data: string): Promise<void> {
  const pid = postmasterPid(data);
  const identity = pid === undefined ? undefined : identifyProcess(pid);
  if (identity) await stopProcess(identity, STOP_STEPS.database);
  else rmSync(join(data, 'postmaster.pid'), { force: true });
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
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The server is ours alone: the services' roles have no business in what initdb brings beside our database. */
async function closeOtherDatabases(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database
     WHERE datname IN ('postgres', 'template1') AND has_database_privilege('public', oid, 'CONNECT')`,
  );
  for (const { datname } of rows)
    await client.query(`REVOKE CONNECT ON DATABASE ${datname} FROM PUBLIC`);
}
