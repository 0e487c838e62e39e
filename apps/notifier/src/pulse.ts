import { errorText } from '@backup-awareness/contracts';
import type { AlertVersion } from '@backup-awareness/overview/state';
import type { Pulse } from './destination.js';

/**
 * Reads the state from the database, once for concurrent callers. While the database does not answer, this process's clock is used.
 *
 * @param read queries the database
 * @param clock of this process, in whole milliseconds since 1970
 */
export function pulseOf(
  read: () => Promise<AlertVersion>,
  clock: () => number,
): () => Promise<Pulse> {
  let unreadable: Pulse['unreadable'] = null;
  let asking: Promise<Pulse> | undefined;

  async function ask(): Promise<Pulse> {
    try {
      const { now, version } = await read();
      unreadable = null;
      return { now, version, unreadable };
    } catch (error) {
      unreadable = { sinceAt: unreadable?.sinceAt ?? clock(), error: errorText(error) };
      return { now: clock(), version: null, unreadable };
    }
  }

  return () => {
    asking ??= ask().finally(() => (asking = undefined));
    return asking;
  };
}
