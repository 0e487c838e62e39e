import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats work with a pause in between until the signal aborts. @param work never throws */
export async function repeat(
  everyMs: number,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await work();
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
