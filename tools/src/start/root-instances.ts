import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RunDirectory } from './run-directory.js';
import type { SystemUser } from './postgres-user.js';
import { StartFailure } from './start-failure.js';

/** Where PostgreSQL's data lies for root, whose own folders the user `postgres` may not enter. */
export const ROOT_FOLDER = '/var/lib/backup-awareness';

const INSTANCE = 'postgresqlInstance';
const ID = /^[0-9a-f]{32}$/;

/** The folder of this installation's own instance, created when it is missing; `postgresql` in its run directory links to it. */
export function rootInstanceFolder(runDirectory: RunDirectory, user: SystemUser): string {
  ensureParent();
  // First the id in the run directory, then the pointer, then the folder: a clean-up at any moment finds the id in use.
  const id = runDirectory.remember(INSTANCE, () => randomBytes(16).toString('hex'));
  const folder = join(ROOT_FOLDER, id);
  writeFileSync(pointerOf(id), JSON.stringify({ runDirectory: runDirectory.path }), {
    mode: 0o600,
  });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);

  const link = join(runDirectory.path, 'postgresql');
  if (linkTarget(link) !== folder) {
    rmSync(link, { force: true });
    symlinkSync(folder, link);
  }
  return folder;
}

/** Removes instances whose run directory is gone, or has another one now, unless their server still runs. */
export function removeAbandonedInstances(): void {
  if (!existsSync(ROOT_FOLDER)) return;
  for (const name of readdirSync(ROOT_FOLDER)) {
    const id = name.replace(/\.json$/, '');
    if (!name.endsWith('.json') || !ID.test(id)) continue;
    const folder = join(ROOT_FOLDER, id);
    if (isReferred(id) || postmasterPid(join(folder, 'data')) !== undefined) continue;
    try {
      rmSync(folder, { recursive: true, force: true });
      rmSync(pointerOf(id), { force: true });
    } catch {
      // Something still writes in it; the next start removes it.
    }
  }
}

/** Removes this installation's instance, for a run directory that was a temporary one. */
export function removeRootInstance(runDirectory: RunDirectory): void {
  const id = runDirectory.recall(INSTANCE);
  if (id === undefined || !ID.test(id)) return;
  rmSync(join(ROOT_FOLDER, id), { recursive: true, force: true });
  rmSync(pointerOf(id), { force: true });
}

/**
 * The pid of the server that runs on this data, told by its working directory. A pid in `postmaster.pid` alone may by now
 * be another process's.
 */
export function postmasterPid(dataFolder: string): number | undefined {
  const file = join(dataFolder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return linkTarget(`/proc/${pid}/cwd`) === dataFolder ? pid : undefined;
}

function ensureParent(): void {
  mkdirSync(ROOT_FOLDER, { recursive: true, mode: 0o711 });
  const { uid, mode } = lstatSync(ROOT_FOLDER);
  if (uid !== 0) throw new StartFailure(`${ROOT_FOLDER} belongs to user ${uid}, expected root.`);
  if ((mode & 0o777) !== 0o711) chmodSync(ROOT_FOLDER, 0o711);
}

function pointerOf(id: string): string {
  return join(ROOT_FOLDER, `${id}.json`);
}

function isReferred(id: string): boolean {
  try {
    const { runDirectory } = JSON.parse(readFileSync(pointerOf(id), 'utf8')) as {
      runDirectory: string;
    };
    const secrets = readFileSync(join(runDirectory, 'secrets.json'), 'utf8');
    return (JSON.parse(secrets) as Record<string, string>)[INSTANCE] === id;
  } catch (error) {
    // A pointer that another start is just writing is not readable yet; only what is surely gone is removed.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

function linkTarget(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}
