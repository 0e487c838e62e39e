import { performance } from 'node:perf_hooks';
import type { OutputStream } from './output.js';
import { visible } from '@backup-awareness/overview/words';

/** Says how much is done, and of how much if that is known. It may be called as often as there is something to say. */
export type ShowProgress = (done: number, total?: number) => void;

/** Does work that takes long, and shows meanwhile how far it is. @param what names it: `Importing reports` */
export type WithProgress = <T>(
  what: string,
  work: (show: ShowProgress) => Promise<T>,
) => Promise<T>;

/** Work that takes less shows nothing. */
const SHORT_MS = 500;
const INTERVAL_MS = 200;
const ERASE_LINE = '\r\x1b[K';

/**
 * Progress for a person who waits: one line, written again and again and erased at the end. A stream that is no terminal gets nothing,
 * so that a job's mail or a log does not fill.
 *
 * @param clock in milliseconds
 */
export function createProgress(
  stream: OutputStream,
  { TERM }: NodeJS.ProcessEnv,
  clock: () => number = () => performance.now(),
): WithProgress {
  if (stream.isTTY !== true || TERM === 'dumb') return (_what, work) => work(() => undefined);
  return async (what, work) => {
    let nextAt = clock() + SHORT_MS;
    let isShown = false;
    try {
      return await work((done, total) => {
        if (clock() < nextAt) return;
        nextAt = clock() + INTERVAL_MS;
        isShown = true;
        stream.write(`${ERASE_LINE}${visible(`${what}: ${inWords(done, total)}`)}`);
      });
    } finally {
      if (isShown) stream.write(ERASE_LINE);
    }
  };
}

function inWords(done: number, total: number | undefined): string {
  if (!total) return String(done);
  return `${done} of ${total} (${Math.floor((100 * done) / total)} %)`;
}
