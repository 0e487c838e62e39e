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
 * A file that a process appends its output to by itself, so that it neither blocks nor ends when we do. Kept to some ten
 * megabytes, and as much again in `<path>.1`.
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
      // A file system that is gone or read-only: who writes the log has a greater trouble than its length.
    }
  }, CHECK_EVERY_MS);
  timer.unref();
  return { path, open: () => openSync(path, 'a', 0o600), close: () => clearInterval(timer) };
}

/** Copy, then truncate: the writers hold the file open for appending, so a rename would not part them from it. */
export function keepBounded(path: string, maxBytes: number): void {
  if (!existsSync(path) || statSync(path).size <= maxBytes) return;
  try {
    copyFileSync(path, `${path}.1`);
  } catch {
    // The disk is full: then the old lines have to go all the more.
  }
  truncateSync(path);
}

/** The last lines of a log, to show why something did not start. */
export function lastLines(path: string, count = 12): string {
  if (!existsSync(path)) return '';
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}
