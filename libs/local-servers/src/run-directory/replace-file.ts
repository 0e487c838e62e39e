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
 * Replaces a file (0600) atomically: a reader finds either the old or the new content, even after a power cut.
 *
 * @throws the file system's error; the old content then stays
 */
export function replaceFile(path: string, text: string): void {
  const aside = `${path}.new`;
  try {
    const file = openSync(aside, 'w', 0o600);
    try {
      // Not `writeSync`, which does not throw when only a part was written.
      writeFileSync(file, text);
      // Before the rename: after a power cut the name could otherwise be of an empty file.
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

/** The same with a value as JSON. */
export function replaceJson(path: string, value: unknown): void {
  replaceFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Removes a file so that it stays removed after a power cut. Does nothing where there is none. */
export function removeFile(path: string): void {
  rmSync(path, { force: true });
  syncFolder(dirname(path));
}

/** Makes the names in a folder survive a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Distinguishes a folder from its copy: the key stays the same when the folder is moved within its file system, or reached by another path. */
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
    // The next replacement overwrites it.
  }
}
