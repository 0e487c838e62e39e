import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock, type Lock, type LockHolder } from '../../uncompiled/lock-file.mjs';
import { parentOf } from '../../uncompiled/process-identity.mjs';
import { openBoundedLog, type BoundedLog } from '../processes/bounded-log.js';
import { chooseFreePort, isFree } from '../processes/choose-free-port.js';
import { openProcessTable, type ProcessTable } from '../processes/process-table.js';
import { folderKey, replaceFile } from './replace-file.js';
import { openPorts, openSecrets } from './run-files.js';
import { StartFailure } from '../output/start-failure.js';

/** The file that marks a folder as one that may be removed; written when the folder is created, and never later. */
export const TEMPORARY = 'temporary';

/** The folder with all state of one installation. Only one process at a time has it open. */
export interface RunDirectory {
  /** Without symbolic links. */
  readonly path: string;
  /** Whether it was made for tests or trials, and may be removed with all its data. */
  readonly isTemporary: boolean;
  readonly processes: ProcessTable;
  /** Tells other starts that we are stopping, so that they wait. @throws the file system's error */
  announceStop(): void;
  /** `<name>.log` in the folder of logs. */
  log(name: string): BoundedLog;
  /** The text stored under this name; `create` makes it the first time. */
  remember(name: string, create: () => string): string;
  recall(name: string): string | undefined;
  /** Stores another text under this name. */
  replace(name: string, text: string): void;
  /** A random password, the same one at every start. */
  password(name: string): string;
  /** A free port: `wanted` if possible, or else that of the last start. */
  port(name: string, wanted?: number): Promise<number>;
  /** Never throws: a lock that cannot be removed becomes stale when we end. */
  close(): void;
}

export interface OpenOptions {
  /** For a new folder: marks it as temporary. */
  readonly temporary?: true;
  /** The process that started us, such as npm: we stop when it ends. */
  readonly parentPid?: number;
  readonly signal?: AbortSignal;
  readonly onWait?: (pid: number) => void;
  /** Called for each damaged file that is replaced. */
  readonly say?: (line: string) => void;
}

/**
 * Opens it, creating it (0700) when it is missing.
 *
 * @throws StartFailure, with nothing created, for a path that not every program can handle; and where another process has it
 * open, it belongs to another user, or its passwords cannot be read
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
    replace: (name, text) => secrets.save({ ...secrets.value, [name]: text }),
    password: (name) => remember(name, () => randomBytes(24).toString('base64url')),
    async port(name, wanted) {
      const port =
        wanted !== undefined && (await isFree(wanted))
          ? wanted
          : await chooseFreePort(ports.value[name]);
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
    // A read-only file system; the next start sees that the holder has ended.
  }
}

/** PostgreSQL has 1,024 bytes for the path of a file; its own names take about 70 of them. */
const MAX_PATH_BYTES = 900;

/** initdb accepts no line break, control characters garble a log, and Node reads a byte that is not UTF-8 as U+FFFD. */
function refuseOddPath(path: string): void {
  if (/[\p{Cc}\u{FFFD}]/u.test(path))
    throw new StartFailure(
      `RUN_DIR: expected a path in UTF-8 without control characters, got ${JSON.stringify(path)}`,
    );
  const bytes = Buffer.byteLength(path);
  if (bytes > MAX_PATH_BYTES)
    throw new StartFailure(
      `RUN_DIR: expected a path of at most ${MAX_PATH_BYTES} bytes, got ${bytes} bytes`,
    );
}

/** A folder with any of these is a run directory. */
const OURS = ['processes.json', 'secrets.json'];

/** Creates a folder that only our user may enter, or makes an existing one private. */
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
    throw new StartFailure(`${path} has other files in it: set RUN_DIR to a folder of its own.`);
  }
  chmodSync(path, 0o700);
}

async function takeLock(path: string, { parentPid, signal, onWait }: OpenOptions): Promise<Lock> {
  const folder = folderKey(path);
  let isAnnounced = false;
  for (;;) {
    const { lock, holder } = tryLock(join(path, 'lock'), { parentPid, folder });
    if (lock) return lock;
    if (holder['folder'] !== undefined && holder['folder'] !== folder) {
      throw new StartFailure(
        `${path} is a copy of the run directory that process ${holder.pid} is using: stop that process first, and copy again.`,
      );
    }
    if (!isStopping(holder)) {
      throw new StartFailure(
        `already running as process ${holder.pid} with ${path}; stop that one first, or set RUN_DIR to another folder.`,
      );
    }
    if (!isAnnounced) onWait?.(holder.pid);
    isAnnounced = true;
    await sleep(100, undefined, { ...(signal ? { signal } : {}) });
  }
}

/** It is stopping, or is about to notice that its parent is gone. */
function isStopping(holder: LockHolder): boolean {
  if (holder['stopping'] === true) return true;
  const { parentPid } = holder;
  return typeof parentPid === 'number' && parentOf(holder.pid) !== parentPid;
}
