import {
  chownSync,
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { identifyProcess } from '../../uncompiled/process-identity.mjs';
import type { PostgresqlBinaries } from './postgresql-binaries.js';
import type { SystemUser } from './postgres-user.js';
import { folderKey, syncFolder } from '../run-directory/replace-file.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { spawnRecorded } from '../processes/spawn-recorded.js';
import { StartFailure } from '../output/start-failure.js';
import { stopProcess } from '../processes/stop-process.js';

export const OWNER = 'backup_awareness';
export const ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** Name in secrets.json: the data were complete once. */
const MADE = 'postgresqlDataMade';

export interface Place {
  readonly folder: string;
  readonly binaries: PostgresqlBinaries;
  /** The user that runs it, if another than ours. */
  readonly user?: SystemUser;
}

export interface DataOptions {
  readonly password: string;
  /** Whether this run directory had the password before this start. */
  readonly hadPassword: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * The folder of the data, initialised where there never was one: under another name, until it is complete.
 *
 * @throws StartFailure, with nothing touched, for data that this server cannot or must not open, or that are missing
 */
export async function ensureData(
  runDirectory: RunDirectory,
  place: Place,
  options: DataOptions,
): Promise<string> {
  const data = join(place.folder, 'data');
  if (isThere(data)) {
    refuseForeignData(runDirectory, place, data, options.hadPassword);
    removeMisleadingPidFile(data);
  } else if (runDirectory.recall(MADE) !== undefined) {
    throw new StartFailure(
      `the database of ${runDirectory.path} was in ${data}, which is missing: move it back there, or set RUN_DIR to a new folder to start with an empty database.`,
    );
  } else {
    await initialise(runDirectory, place, data, options);
  }
  runDirectory.remember(MADE, () => data);
  return data;
}

/** The pid of the server that runs on these data, checked by its working directory: the pid in its file may be another process's by now. */
export function serverRunsOn(data: string): number | undefined {
  const pid = pidIn(data);
  if (pid === undefined) return undefined;
  const folder = folderKey(data);
  return folder !== undefined && folderKey(`/proc/${pid}/cwd`) === folder ? pid : undefined;
}

/** The target of a symbolic link; undefined for anything else. */
export function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

function refuseForeignData(
  { path, recall }: RunDirectory,
  { binaries }: Place,
  data: string,
  hadPassword: boolean,
): void {
  const found = readVersion(data);
  const needed = binaries.version.split('.')[0]!;
  if (found === undefined)
    throw new StartFailure(
      `${data} has no database in it (there is no PG_VERSION in it). If it is a mount point, mount it; if its content was moved, move it back. Nothing was changed.`,
    );
  if (found !== needed)
    throw new StartFailure(
      `${data} was created by PostgreSQL ${found}, and this release has PostgreSQL ${needed}. Nothing was changed. ` +
        `Go back to the previous release and make a dump (pg_dump), then restore it into a new RUN_DIR; or convert the data with PostgreSQL's pg_upgrade.`,
    );
  if (!hadPassword && recall(MADE) === undefined)
    throw new StartFailure(
      `there is a database in ${data}, but ${join(path, 'secrets.json')} does not have its password: restore that file from a backup, or set RUN_DIR to a new folder.`,
    );
  const pid = serverRunsOn(data);
  if (pid !== undefined)
    throw new StartFailure(
      `process ${pid} already runs PostgreSQL on ${data}, and was not started from ${path}: stop it first.`,
    );
}

function readVersion(data: string): string | undefined {
  const file = join(data, 'PG_VERSION');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}

/** PostgreSQL mistakes any process of its user with the old pid for a running server. Every other pid file it judges better than we do. */
function removeMisleadingPidFile(data: string): void {
  const pid = pidIn(data);
  if (pid !== undefined && identifyProcess(pid)) rmSync(join(data, 'postmaster.pid'));
}

function pidIn(data: string): number | undefined {
  const file = join(data, 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : undefined;
}

async function initialise(
  runDirectory: RunDirectory,
  { folder, binaries, user }: Place,
  data: string,
  { password, signal }: DataOptions,
): Promise<void> {
  const aside = join(folder, 'data.new');
  const passwordFile = join(folder, 'password');
  // Left by an attempt that was cut off; nothing else in this folder is ours to remove.
  for (const path of [aside, passwordFile]) rmSync(path, { recursive: true, force: true });
  // Exclusively: the folder belongs to another user, who could otherwise redirect root's write by a link.
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
      ...['--locale', 'C', ...localeProvider(binaries.version)],
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
  syncFolder(folder);
}

/** The same on every machine, where the server has a provider of its own: since PostgreSQL 17. */
function localeProvider(version: string): string[] {
  return Number.parseInt(version, 10) < 17
    ? []
    : ['--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'];
}

/** True for a dangling symbolic link, too: something was there. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
