import { rmSync } from 'node:fs';

const REMOVAL_TRIES = 100;
const BETWEEN_TRIES_MS = 100;

/**
 * Removes an engine host. A delivery may still be writing there: what it adds is removed with the next try, whereas `rmSync` itself
 * would only retry the folder.
 */
export function removeFolder(path: string): void {
  for (let tries = 1; ; tries++)
    try {
      rmSync(path, { recursive: true, force: true });
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOTEMPTY' || tries === REMOVAL_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_TRIES_MS);
    }
}
