import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { linkTarget, serverRunsOn } from './postgresql-data.js';
import type { SystemUser } from './postgres-user.js';
import { folderKey, replaceJson, syncFolder } from '../run-directory/replace-file.js';
import { TEMPORARY, type RunDirectory } from '../run-directory/run-directory.js';
import { StartFailure } from '../output/start-failure.js';

/** Where root keeps PostgreSQL's data: the user `postgres` may not enter root's own folders. */
export const ROOT_FOLDER = '/var/lib/backup-awareness';

const INSTANCE = 'postgresqlInstance';
const ID = /^[0-9a-f]{32}$/;

/**
 * The folder of this run directory's own instance, created where there is none; `postgresql` in the run directory is a link to
 * it. A run directory that was moved keeps its instance.
 *
 * @throws StartFailure, with nothing touched, where these data may belong to another run directory
 */
export function rootInstanceFolder(runDirectory: RunDirectory, user: SystemUser): string {
  ensureParent();
  const known = runDirectory.recall(INSTANCE);
  if (known === undefined) refuseForgottenData(runDirectory);
  else refuseUncertainData(runDirectory, known);
  // First the id in the run directory, then the pointer, then the folder: a clean-up at any moment finds the id in use.
  const id = runDirectory.remember(INSTANCE, () => randomBytes(16).toString('hex'));
  const folder = join(ROOT_FOLDER, id);
  if (readPointer(id) !== runDirectory.path)
    replaceJson(pointerOf(id), { runDirectory: runDirectory.path });
  if (!existsSync(folder)) {
    mkdirSync(folder, { mode: 0o700 });
    if (runDirectory.isTemporary) writeFileSync(join(folder, TEMPORARY), '');
    syncFolder(ROOT_FOLDER);
  }
  chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const link = join(runDirectory.path, 'postgresql');
  if (linkTarget(link) !== folder) symlinkSync(folder, link);
  return folder;
}

/** One line about all other databases here whose run directory cannot be found; undefined where there is none. */
export function aboutDatabasesWithoutRunDirectory(runDirectory: RunDirectory): string | undefined {
  const { length } = instances().filter(
    (id) => id !== runDirectory.recall(INSTANCE) && !isTemporary(id) && !isReferred(id),
  );
  if (length === 0) return undefined;
  const databases = length === 1 ? '1 database' : `${length} databases`;
  return `The run directory of ${databases} in ${ROOT_FOLDER} is missing; docs/operations.md says how to see which, and how to use one.`;
}

/** Removes instances that were made as temporary and whose run directory is gone, unless their server still runs. */
export function removeAbandonedTemporaryInstances(): void {
  for (const id of instances()) {
    const isFree = isTemporary(id) && !isReferred(id);
    if (!isFree || serverRunsOn(join(ROOT_FOLDER, id, 'data')) !== undefined) continue;
    try {
      removeInstance(id);
    } catch {
      // Something still writes to it; the next run of tests removes it.
    }
  }
}

/** Removes this run directory's instance, if both were made as temporary. */
export function removeTemporaryInstance(runDirectory: RunDirectory): void {
  const id = runDirectory.recall(INSTANCE);
  if (id === undefined || !ID.test(id) || !runDirectory.isTemporary || !isTemporary(id)) return;
  removeInstance(id);
}

/** For a run directory that names no instance: if there is one, a new one would hide it. */
function refuseForgottenData({ path }: RunDirectory): void {
  const link = join(path, 'postgresql');
  const target = linkTarget(link);
  if (target !== undefined)
    throw new StartFailure(
      `${link} points to ${target}, but ${path} has no secrets.json that names that database: restore secrets.json from a backup, or set RUN_DIR to a new folder.`,
    );
  if (existsSync(link))
    throw new StartFailure(
      `${link} is the database of a user other than root: start as that user, or set RUN_DIR to a new folder.`,
    );
  const id = instances().find((one) => readPointer(one) === path && existsSync(instanceOf(one)));
  if (id !== undefined)
    throw new StartFailure(
      `${path} names no database, but one that was created for it is in ${instanceOf(id)}. Is the file system of ${path} mounted, or was its content moved? ` +
        `Mount it, or set RUN_DIR to where the content is now. To start with an empty database instead, set RUN_DIR to a new folder, or remove ${pointerOf(id)}; the old data stay where they are.`,
    );
}

/** For a run directory that names its instance: it must be there, and belong to this run directory alone. */
function refuseUncertainData({ path }: RunDirectory, id: string): void {
  const secrets = join(path, 'secrets.json');
  const folder = instanceOf(id);
  const link = join(path, 'postgresql');
  const target = linkTarget(link);
  if (!ID.test(id))
    throw new StartFailure(
      `${secrets}: ${INSTANCE}: expected 32 hexadecimal digits, got other text.`,
    );
  const owner = readPointer(id);
  if (owner !== undefined && owner !== path && knows(owner, id)) {
    if (folderKey(owner) !== folderKey(path))
      throw new StartFailure(
        `${path} is a copy of ${owner}, and the database in ${folder} belongs to that one; both must not use it. ` +
          `To move the installation, remove or rename ${owner}. For a second installation, set RUN_DIR to a new folder.`,
      );
  }
  if (target !== undefined ? target !== folder : existsSync(link))
    throw new StartFailure(
      `${link}: expected a symbolic link to ${folder}, as ${secrets} says, ${target === undefined ? 'got something else' : `got one to ${target}`}: restore the link or that file, or set RUN_DIR to a new folder.`,
    );
  if (target !== undefined && !existsSync(folder))
    throw new StartFailure(
      `the database of ${path} was in ${folder}, which is missing: move it back there (owned by postgres, mode 0700), or set RUN_DIR to a new folder.`,
    );
}

function ensureParent(): void {
  mkdirSync(ROOT_FOLDER, { recursive: true, mode: 0o711 });
  const { uid, mode } = lstatSync(ROOT_FOLDER);
  if (uid !== 0) throw new StartFailure(`${ROOT_FOLDER}: expected owner root, got user ${uid}.`);
  if ((mode & 0o777) !== 0o711) chmodSync(ROOT_FOLDER, 0o711);
}

function instances(): string[] {
  if (!existsSync(ROOT_FOLDER)) return [];
  return readdirSync(ROOT_FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace(/\.json$/, ''))
    .filter((id) => ID.test(id));
}

function instanceOf(id: string): string {
  return join(ROOT_FOLDER, id);
}

function pointerOf(id: string): string {
  return join(ROOT_FOLDER, `${id}.json`);
}

/** The run directory that opened it last. */
function readPointer(id: string): string | undefined {
  try {
    const pointer = JSON.parse(readFileSync(pointerOf(id), 'utf8')) as { runDirectory: string };
    return pointer.runDirectory;
  } catch {
    // Written by an older release, which did not write it as a whole; or just removed.
    return undefined;
  }
}

/** Whether its run directory exists, or may exist: false only for one that is certainly gone. */
function isReferred(id: string): boolean {
  const runDirectory = readPointer(id);
  return runDirectory === undefined || knows(runDirectory, id);
}

function knows(runDirectory: string, id: string): boolean {
  try {
    const secrets = readFileSync(join(runDirectory, 'secrets.json'), 'utf8');
    return (JSON.parse(secrets) as Record<string, string>)[INSTANCE] === id;
  } catch (error) {
    return !['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
  }
}

function isTemporary(id: string): boolean {
  return existsSync(join(instanceOf(id), TEMPORARY));
}

/** The pointer last: while anything is left, it says what that is. The marker, too, has to stay until then. */
function removeInstance(id: string): void {
  const folder = instanceOf(id);
  for (const name of readdirSync(folder).filter((one) => one !== TEMPORARY))
    rmSync(join(folder, name), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
  rmSync(pointerOf(id), { force: true });
}
