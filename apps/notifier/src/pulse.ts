import { errorText } from '@backup-awareness/contracts';
import type { AlertVersion } from '@backup-awareness/overview/state';
import type { Pulse } from './destination.js';

/**
 * Reads the state from the database, once for concurrent callers. While the database does not answer, this process's clock is used.
 *
 * @param read queries the database
 * @param clock of this process, in whole milliseconds since 1970
 * @param unwritable why the database could not be written lately; undefined if it could
 */
export function pulseOf(
  read: () => Promise<AlertVersion>,
  clock: () => number,
  unwritable: () => string | undefined = () => undefined,
): () => Promise<Pulse> {
  let unreadable: Pulse['unreadable'] = null;
  let asking: Promise<Pulse> | undefined;

  // The clocks of database and process may differ: an outage must not seem longer than it is.
  const since = (now: number, error: string) => ({
    sinceAt: Math.min(now, unreadable?.sinceAt ?? now),
    error,
  });

  async function ask(): Promise<Pulse> {
    try {
      const { now, version } = await read();
      const error = unwritable();
      unreadable = error === undefined ? null : since(now, error);
      return { now, version, unreadable };
    } catch (error) {
      const now = clock();
      unreadable = since(now, errorText(error));
      return { now, version: null, unreadable };
    }
  }

  return () => {
    asking ??= ask().finally(() => (asking = undefined));
    return asking;
  };
}
