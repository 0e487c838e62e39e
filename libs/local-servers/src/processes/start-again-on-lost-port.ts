import type { Part } from './part.js';
import { isFree } from './choose-free-port.js';
import { EndedEarly } from './single-process.js';

const ATTEMPTS = 4;

/**
 * Starts a part on ports that were free when it was prepared. If another process took one of them since, it is prepared again
 * with other ports.
 */
export async function startAgainOnLostPort<P extends Part>(
  prepare: () => Promise<P>,
  portsOf: (part: P) => readonly number[],
  signal?: AbortSignal,
): Promise<P> {
  for (let attempt = 1; ; attempt += 1) {
    const part = await prepare();
    try {
      await part.start(signal);
      return part;
    } catch (error) {
      await part.stop();
      const lostPort =
        error instanceof EndedEarly &&
        !(await Promise.all(portsOf(part).map(isFree))).every(Boolean);
      if (!lostPort || attempt === ATTEMPTS) throw error;
    }
  }
}
