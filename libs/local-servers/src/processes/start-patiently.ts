import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from './part.js';
import { StartFailure } from '../telling/start-failure.js';

export interface StartPatiently {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly attempts?: number;
  readonly firstDelayMs?: number;
  readonly remindEveryMs?: number;
  readonly giveUpAfterMs?: number;
}

/**
 * Starts a part for the first time: says what it waits for while it does not answer, and starts it again some times when
 * it ends.
 *
 * @throws EndedEarly when it has ended too often; StartFailure with its last unready reason when it never answers
 */
export async function startPatiently(part: Part, options: StartPatiently): Promise<void> {
  const { signal, say, attempts = 4, firstDelayMs = 500 } = options;
  const { remindEveryMs = 15_000, giveUpAfterMs = 180_000 } = options;
  const limit = AbortSignal.timeout(giveUpAfterMs);
  const either = AbortSignal.any([signal, limit]);
  const unreadyReason = (): string => part.unreadyReason ?? 'no answer yet';
  const reminder = setInterval(
    () => say(`${part.title} is not ready: ${unreadyReason()}`),
    remindEveryMs,
  );
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await part.start(either);
        return;
      } catch (error) {
        signal.throwIfAborted();
        if (limit.aborted) {
          throw new StartFailure(
            `${part.title} is not ready after ${giveUpAfterMs / 1000} s: ${unreadyReason()}`,
          );
        }
        if (attempt === attempts) throw error;
        const delayMs = firstDelayMs * 2 ** (attempt - 1);
        say(`${part.title} ended while starting; starting it again in ${delayMs / 1000} s`);
        await sleep(delayMs, undefined, { signal: either });
      }
    }
  } finally {
    clearInterval(reminder);
  }
}
