import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@backup-awareness/contracts/plain';
import type { Part } from './part.js';
import { EndedEarly } from './single-process.js';

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 5_000;

export interface KeepRunning {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly firstDelayMs?: number;
}

/**
 * Restarts a part whenever it ends, until `signal` aborts; resolves when no start is in progress. The delay before a restart
 * doubles until the part answers again.
 */
export async function keepRunning(part: Part, options: KeepRunning): Promise<void> {
  const { signal, say, firstDelayMs = FIRST_DELAY_MS } = options;
  const aborted = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
  });
  let delayMs = firstDelayMs;
  for (;;) {
    const how = await Promise.race([part.ended(), aborted]);
    if (signal.aborted) return;
    say(`${part.title} ended (${how}); restarting in ${delayMs / 1000} s`);
    try {
      await sleep(delayMs, undefined, { signal });
      await part.start(signal);
      say(`${part.title} is back (process ${part.pid ?? 'unknown'})`);
      delayMs = firstDelayMs;
    } catch (error) {
      if (signal.aborted) return;
      // If it ended again, the top of the loop says so, and how.
      if (!(error instanceof EndedEarly)) {
        say(`${part.title} did not come back: ${errorText(error)}`);
      }
      await part.stop();
      delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
    }
  }
}
