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

/** No writer is still working on an incomplete record of this age. */
const ABANDONED_AFTER_MS = 10 * 60_000;

/** None of our writers makes one as large: a message is at most 2 MiB. */
const MAX_RECORD_BYTES = 8 * 1024 * 1024;

/** Creates its folders if they are missing, owned by root, mode 0700. @throws Error if one is not a folder, or others can write there */
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

/** A name that sorts by time and is unique on this host. */
export function newRecordName(now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace('Z', '000000Z');
  return `${time}-${process.pid}-${String(counter++ % 10_000).padStart(4, '0')}`;
}

/** The only slow call. Not from `node:fs/promises`, which takes longer to load than a record to write. */
const sync = promisify(fsync);

/** Resolves when the record would survive a power failure. */
export async function writeRecord(spool: string, name: string, record: SpoolRecord): Promise<void> {
  const temporary = join(spool, `.${name}.new`);
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    writeFileSync(file, encodeRecord(record));
    await sync(file);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  } finally {
    closeSync(file);
  }
  renameSync(temporary, reportPath(spool, name));
  const folder = openSync(spool, constants.O_RDONLY);
  await sync(folder).finally(() => closeSync(folder));
}

/** The names of all records, the oldest first. */
export function listRecords(spool: string): string[] {
  return matching(spool, REPORT);
}

/**
 * @returns the record, or why it is invalid
 * @throws the system's error if it cannot be read now
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

/** Removes a delivered record. A power failure may bring it back, which is harmless: it would be delivered as the same event. */
export function removeRecord(spool: string, name: string): void {
  unlinkSync(reportPath(spool, name));
}

/** Sets aside a record that can never be delivered, with the reason in a file beside it. */
export function setAside({ spool, refused }: HostPaths, name: string, reason: string): void {
  mkdirSync(refused, { recursive: true, mode: 0o700 });
  writeFileSync(join(refused, `${name}.reason`), `${reason}\n`, { mode: 0o600 });
  renameSync(reportPath(spool, name), join(refused, `${name}.report`));
}

/** The number of records that are set aside. */
export function countSetAside({ refused }: HostPaths): number {
  try {
    return matching(refused, REPORT).length;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
}

/** Cleans up after killed writers: a complete record becomes a report, an incomplete one is removed. @returns those removed */
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

/** `unreadable`: it cannot be read now, and may be complete. */
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
  // Non-blocking: opening a fifo of that name would hang.
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
