import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs';

const MAX_BYTES = 10 * 1024 * 1024;
const CHECK_EVERY_MS = 10_000;

/**
 * A file to which a process appends its own output, so that it neither blocks nor ends when we do. Limited to about ten
 * megabytes, and the same again in `<path>.1`.
 */
export interface BoundedLog {
  readonly path: string;
  /** A descriptor to hand to a child as its output; close it after the spawn. */
  open(): number;
  close(): void;
}

export function openBoundedLog(path: string, maxBytes = MAX_BYTES): BoundedLog {
  if (existsSync(path) && statSync(path).size > 0) renameSync(path, `${path}.1`);
  closeSync(openSync(path, 'a', 0o600));
  const timer = setInterval(() => {
    try {
      keepBounded(path, maxBytes);
    } catch {
      // The file system is gone or read-only: the log's length is the smaller problem.
    }
  }, CHECK_EVERY_MS);
  timer.unref();
  return { path, open: () => openSync(path, 'a', 0o600), close: () => clearInterval(timer) };
}

/** Copies, then truncates: its writers have the file open for appending, and would follow a rename. */
export function keepBounded(path: string, maxBytes: number): void {
  if (!existsSync(path) || statSync(path).size <= maxBytes) return;
  try {
    copyFileSync(path, `${path}.1`);
  } catch {
    // The disk is full: all the more reason to drop the old lines.
  }
  truncateSync(path);
}

const LAST_LINES = 12;

/** The last lines of a log; empty where there is none. @param since its size in bytes at the moment from which on lines count */
export function lastLines(path: string, since = 0): string {
  if (!existsSync(path)) return '';
  const bytes = readFileSync(path);
  // It may have been truncated since.
  const counted = bytes.subarray(since <= bytes.length ? since : 0).toString('utf8');
  return counted.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
}

/** In bytes; 0 where there is none. */
export function logSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
