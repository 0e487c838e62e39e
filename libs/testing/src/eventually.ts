import { setTimeout as sleep } from 'node:timers/promises';

const EVERY_MS = 50;

/**
 * Tries until an attempt succeeds, and returns its result.
 *
 * @throws the last failure after `withinMs`
 */
export async function eventually<T>(attempt: () => Promise<T> | T, withinMs = 15_000): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(EVERY_MS);
    }
  }
}
