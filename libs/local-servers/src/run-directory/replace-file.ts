import {
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';

/**
 * Replaces a file (0600) as a whole: a reader finds either the old or the new content, after a loss of power too.
 *
 * @throws the file system's error; the old content is then still there
 */
export function replaceFile(path: string, text: string): void {
  const aside = `${path}.new`;
  try {
    const file = openSync(aside, 'w', 0o600);
    try {
      // Not `writeSync`, which says nothing when only a part of the text had room.
      writeFileSync(file, text);
      // Before the rename: after a loss of power the name would stand for an empty file.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, path);
  } catch (error) {
    removeQuietly(aside);
    throw error;
  }
  syncFolder(dirname(path));
}

/** The same, with a value as JSON. */
export function replaceJson(path: string, value: unknown): void {
  replaceFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Removes a file for good: after a loss of power, too, it is gone. Does nothing where there is none. */
export function removeFile(path: string): void {
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}

/** Makes the names in a folder outlive a loss of power. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Tells a folder from its copy: it stays the same when the folder is moved within its file system, or reached by another path. */
export function folderKey(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The next replacement writes over it.
  }
}
