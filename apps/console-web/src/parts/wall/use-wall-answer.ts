import { useAnswer } from '../../api/use-answer.js';
import { KNOWN_FOR_MS } from '../../layout/doubts.js';
import { useOfNow } from '../../time/now.js';
import type { Cell } from './wall.js';

/** No event says that an engine has turned too old before a check has found it. */
const ASK_EVERY_MS = 30_000;

/** How all monitored engines stand, the worst first; `isKnown` is false when that was not answered, or not lately. */
export function useWallAnswer(): {
  readonly engines: readonly Cell[] | undefined;
  readonly isKnown: boolean;
} {
  const { data, error } = useAnswer('/wall', {}, { refetchInterval: ASK_EVERY_MS });
  const isOld = useOfNow((now) => now - Date.parse(data?.now ?? '') > KNOWN_FOR_MS);
  return { engines: data?.engines, isKnown: error === null && !isOld };
}
