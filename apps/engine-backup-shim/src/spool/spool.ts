import { constants, lstatSync, mkdirSync, readdirSync, renameSync, unlinkSync } from 'node:fs';
import {
  closeSync,
  fstatSync,
  fsync,
  openSync,
  readSync,
  writeFileSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '@backup-awareness/contracts/plain';
import { codeOf } from '../failure.js';
import type { HostPaths } from '../host/paths.js';
import { decodeRecord, encodeRecord, type SpoolRecord } from './record.js';

const REPORT = /^(\d{8}T\d{6}\.\d{9}Z-\d{1,10}-\d{4})\.report$/;
const UNFINISHED = /^\.(\d{8}T\d{6}\.\d{9}Z-\d{1,10}-\d{4})\.new$/;

/** Nobody is still at work on an unfinished record of that age. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/** No writer of ours makes one as large: a message is two MiB at most. */
const MAX_RECORD_BYTES = 8 * 1024 * 1024;

/** Its folders, made where they are missing, root's own and 0700. @throws Error where one of them is something else, as a symbolic link */
export function openSpool({ state, spool }: HostPaths): void {
  for (const folder of [state, spool]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder);
    if (!found.isDirectory()) throw new Error(`${folder} is not a folder`);
    if (found.uid !== process.geteuid?.() || (found.mode & 0o022) !== 0)
      throw new Error(`${folder} must belong to this user and be writable by nobody else`);
  }
}

let counter = 0;

/** A name that sorts by time and that nothing else on this host has. */
export function newRecordName(now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace('Z', '000000Z');
  return `${time}-${process.pid}-${String(counter++ % 10_000).padStart(4, '0')}`;
}

/** Only this takes its time. Not by `node:fs/promises`, which takes longer to load than a record to write. */
const sync = promisify(fsync);

/** Resolves when the record will outlive a loss of power. */
export async function writeRecord(spool: string, name: string, record: SpoolRecord): Promise<void> {
  const aside = join(spool, `.${name}.new`);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = openSync(aside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(file, encodeRecord(record));
    await sync(file);
  } catch (error) {
    unlinkSync(aside);
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(aside, reportPath(spool, name));
  const folder = openSync(spool, constants.O_RDONLY);
  await sync(folder).finally(() => closeSync(folder));
}

/** The names of all records, the oldest first. */
export function listRecords(spool: string): string[] {
  return matching(spool, REPORT);
}

/**
 * @returns the record, or why it can never be read as one
 * @throws the error of a disk or a system that does not let it be read now
 */
export function readRecord(spool: string, name: string): SpoolRecord | { unreadable: string } {
  try {
    return decodeRecord(readRegularFile(reportPath(spool, name)));
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) return { unreadable: errorText(error) };
    if (code === 'ELOOP') return { unreadable: 'it is a symbolic link' };
    if (code === 'ENXIO') return { unreadable: 'it is not a regular file' };
    throw error;
  }
}

export function recordBytes(spool: string, name: string): number {
  return statOf(reportPath(spool, name))?.size ?? 0;
}

/** Removes what has arrived. That a loss of power may bring it back does no harm: it would arrive as the same event. */
export function removeRecord(spool: string, name: string): void {
  unlinkSync(reportPath(spool, name));
}

/** Sets a record aside that can never be delivered, with the reason beside it. */
export function setAside({ spool, refused }: HostPaths, name: string, reason: string): void {
  mkdirSync(refused, { recursive: true, mode: 0o700 });
  writeFileSync(join(refused, `${name}.reason`), `${reason}\n`, { mode: 0o600 });
  renameSync(reportPath(spool, name), join(refused, `${name}.report`));
}

/** How many records have been set aside and are still there. */
export function countSetAside({ refused }: HostPaths): number {
  try {
    return matching(refused, REPORT).length;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** Finishes what writers have left that were killed: a record that is whole is taken, another one removed. @returns those removed */
export function finishAbandoned(spool: string, nowMs: number): string[] {
  return matching(spool, UNFINISHED).filter((name) => {
    const path = join(spool, `.${name}.new`);
    const age = nowMs - (statOf(path)?.mtimeMs ?? nowMs);
    if (Math.abs(age) < ABANDONED_AFTER_MS) return false;
    const condition = conditionOf(path);
    if (condition === 'unreadable') return false;
    if (condition === 'whole') renameSync(path, reportPath(spool, name));
    else unlinkSync(path);
    return statOf(reportPath(spool, name)) === undefined;
  });
}

/** `unreadable`: a disk or a system does not let it be read now, and it may be whole. */
function conditionOf(path: string): 'whole' | 'torn' | 'unreadable' {
  try {
    decodeRecord(readRegularFile(path));
    return 'whole';
  } catch (error) {
    const code = codeOf(error);
    return code === undefined || code === 'ELOOP' || code === 'ENXIO' ? 'torn' : 'unreadable';
  }
}

function matching(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder)
    .flatMap((file) => pattern.exec(file)?.[1] ?? [])
    .sort();
}

function readRegularFile(path: string): Buffer {
  // Opened without waiting: a fifo of that name would hold us up for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = openSync(path, flags);
  try {
    const stats = fstatSync(file);
    const { size } = stats;
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (size > MAX_RECORD_BYTES) throw new Error(`it is too large for a record (${size} bytes)`);
    const bytes = Buffer.alloc(size);
    return bytes.subarray(0, readSync(file, bytes, 0, size, 0));
  } finally {
    closeSync(file);
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new Error(`${path}: ${errorText(error)}`, { cause: error });
  }
}

function reportPath(spool: string, name: string): string {
  return join(spool, `${name}.report`);
}

export function isRecordName(name: string): boolean {
  return REPORT.test(`${name}.report`);
}
