import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock, type Lock, type LockHolder } from '../../uncompiled/lock-file.mjs';
import { parentOf } from '../../uncompiled/process-identity.mjs';
import { openBoundedLog, type BoundedLog } from '../processes/bounded-log.js';
import { freePort } from '../processes/ports.js';
import { openProcessTable, type ProcessTable } from '../processes/process-table.js';
import { folderKey, replaceFile } from './replace-file.js';
import { openPorts, openSecrets } from './run-files.js';
import { StartFailure } from '../output/start-failure.js';

/** The file that marks a folder as one that may be removed; it is put there when the folder is made, and never later. */
export const TEMPORARY = 'temporary';

/** The folder that holds all state of one installation. Only one process at a time has it open. */
export interface RunDirectory {
  /** With no symbolic link in it. */
  readonly path: string;
  /** Whether it was made for tests or trials, which may remove it with all its data. */
  readonly isTemporary: boolean;
  readonly processes: ProcessTable;
  /** Tells other starts that we are going, so that they wait for us. @throws where the file system does not take it */
  announceStop(): void;
  /** `<name>.log` in the folder of logs. */
  log(name: string): BoundedLog;
  /** The text kept under this name; made by `create` the first time. */
  remember(name: string, create: () => string): string;
  recall(name: string): string | undefined;
  /** A random password, the same one at every start. */
  password(name: string): string;
  /** A free port, the one of the last start if it can be had. */
  port(name: string): Promise<number>;
  /** Never throws: a lock that cannot be removed is one of an ended process. */
  close(): void;
}

export interface OpenOptions {
  /** For a new folder: marks it as temporary. */
  readonly temporary?: true;
  /** The process that started us for a person, such as npm: we stop when it ends. */
  readonly parentPid?: number;
  readonly signal?: AbortSignal;
  readonly onWait?: (pid: number) => void;
  /** Told of each file that was found broken and is made again. */
  readonly say?: (line: string) => void;
}

/**
 * Opens it, creating it (0700) when it is missing.
 *
 * @throws StartFailure, with nothing created, for a path that not every program here can take; and when another process has
 * it open, it belongs to another user, or its passwords cannot be read
 */
export async function openRunDirectory(
  folder: string,
  options: OpenOptions = {},
): Promise<RunDirectory> {
  refuseOddPath(resolve(folder));
  ensureOwnFolder(resolve(folder));
  const path = realpathSync(folder);
  refuseOddPath(path);
  const lock = await takeLock(path, options);
  try {
    if (options.temporary) replaceFile(join(path, TEMPORARY), '');
    return openLocked(path, lock, options.say ?? (() => undefined));
  } catch (error) {
    release(lock);
    throw error;
  }
}

function openLocked(path: string, lock: Lock, say: (line: string) => void): RunDirectory {
  ensureOwnFolder(join(path, 'logs'));
  const logs = new Map<string, BoundedLog>();
  const secrets = openSecrets(join(path, 'secrets.json'));
  const ports = openPorts(join(path, 'ports.json'), say);

  const remember = (name: string, create: () => string): string => {
    const value = secrets.value[name] ?? create();
    if (secrets.value[name] === undefined) secrets.save({ ...secrets.value, [name]: value });
    return value;
  };
  return {
    path,
    isTemporary: existsSync(join(path, TEMPORARY)),
    processes: openProcessTable(join(path, 'processes.json'), say),
    announceStop: () => lock.describe({ stopping: true }),
    log(name) {
      const log = logs.get(name) ?? openBoundedLog(join(path, 'logs', `${name}.log`));
      logs.set(name, log);
      return log;
    },
    remember,
    recall: (name) => secrets.value[name],
    password: (name) => remember(name, () => randomBytes(24).toString('base64url')),
    async port(name) {
      const port = await freePort(ports.value[name]);
      if (ports.value[name] !== port) ports.save({ ...ports.value, [name]: port });
      return port;
    },
    close() {
      for (const log of logs.values()) log.close();
      release(lock);
    },
  };
}

function release(lock: Lock): void {
  try {
    lock.release();
  } catch {
    // A read-only file system; whoever comes next sees that its holder has ended.
  }
}

/** PostgreSQL has 1,024 bytes for the path of a file, of which its own names take some 70. */
const MAX_PATH_BYTES = 900;

/** initdb takes no line break, a log shows no control character, and Node reads a byte that is not UTF-8 as U+FFFD. */
function refuseOddPath(path: string): void {
  if (/[\p{Cc}\u{FFFD}]/u.test(path))
    throw new StartFailure(
      `RUN_DIR: expected a path in UTF-8 without control characters, got ${JSON.stringify(path)}`,
    );
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_PATH_BYTES)
    throw new StartFailure(
      `RUN_DIR: expected a path of at most ${MAX_PATH_BYTES} bytes, got one of ${bytes}`,
    );
}

/** By any of these a folder is known as a run directory. */
const OURS = ['processes.json', 'secrets.json'];

/** Creates a folder that only we may enter, or makes the one that is there such a folder. */
export function ensureOwnFolder(path: string): void {
  const uid = process.getuid?.();
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartFailure(`cannot create ${path}: ${(error as Error).message}`);
  }
  const { uid: owner, mode } = statSync(path);
  if (owner !== uid) {
    throw new StartFailure(
      `${path} belongs to user ${owner} and this is user ${uid}: start as that user, or set RUN_DIR to another folder.`,
    );
  }
  if ((mode & 0o077) === 0) return;
  const content = readdirSync(path);
  if (content.length > 0 && !content.some((name) => OURS.includes(name))) {
    throw new StartFailure(`${path} holds other files: set RUN_DIR to a folder of its own.`);
  }
  chmodSync(path, 0o700);
}

async function takeLock(path: string, { parentPid, signal, onWait }: OpenOptions): Promise<Lock> {
  const folder = folderKey(path);
  let told = false;
  for (;;) {
    const { lock, holder } = tryLock(join(path, 'lock'), { parentPid, folder });
    if (lock) return lock;
    if (holder['folder'] !== undefined && holder['folder'] !== folder) {
      throw new StartFailure(
        `${path} is a copy of the run directory that process ${holder.pid} is using: stop that process first, and copy again.`,
      );
    }
    if (!isLeaving(holder)) {
      throw new StartFailure(
        `already running as process ${holder.pid} with ${path}; stop that one first, or set RUN_DIR to another folder.`,
      );
    }
    if (!told) onWait?.(holder.pid);
    told = true;
    await sleep(100, undefined, { ...(signal ? { signal } : {}) });
  }
}

/** It is stopping, or will notice within a moment that whoever started it is gone. */
function isLeaving(holder: LockHolder): boolean {
  if (holder['stopping'] === true) return true;
  const { parentPid } = holder;
  return typeof parentPid === 'number' && parentOf(holder.pid) !== parentPid;
}
