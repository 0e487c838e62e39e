import { errorText } from '@backup-awareness/contracts';
import { sqlState } from '../connection/sql-state.js';

const TRY_EVERY_MS = 30_000;

/** Waiting for a lock, and too long a statement: a busy database is no reason to be not ready. */
const BUSY_STATES = ['55P03', '57014'];

/**
 * Why a trial write fails, for a readiness check: a privilege may be missing, a table or the disk may be full, long before the next
 * message shows it.
 *
 * @param tryToWrite writes as the service does, and rolls back
 * @param everyMs how old an answer may be
 */
export function writingUnreadyReason(
  tryToWrite: () => Promise<void>,
  everyMs = TRY_EVERY_MS,
): () => Promise<string | undefined> {
  let answer: Promise<string | undefined> = Promise.resolve(undefined);
  let triedAtMs = -Infinity;
  const tryAgain = async (last: Promise<string | undefined>): Promise<string | undefined> => {
    try {
      await tryToWrite();
      return undefined;
    } catch (error) {
      return BUSY_STATES.includes(sqlState(error) ?? '') ? last : `database: ${errorText(error)}`;
    }
  };
  return () => {
    if (performance.now() - triedAtMs >= everyMs) {
      triedAtMs = performance.now();
      answer = tryAgain(answer);
    }
    return answer;
  };
}
