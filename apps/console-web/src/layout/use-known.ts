import { useAnswer, type Answer } from '../api/use-answer.js';
import { useConnection } from '../live/connection.js';
import { useOfNow } from '../time/now.js';
import { doubtsOf, KNOWN_FOR_MS, type Doubt } from './doubts.js';

export interface Known {
  readonly overview: Answer<'/overview'> | undefined;
  /** Why the overview is not to be believed; none: it is. */
  readonly doubts: readonly Doubt[];
  readonly error: Error | null;
  readonly refetch: () => unknown;
}

/** Also without an event: a check that is overdue sends none. */
const ASK_EVERY_MS = 15_000;

/** How all engines stand, and whether that is known: for everything on the page that may not be green otherwise. */
export function useKnown(): Known {
  const { data, error, refetch } = useAnswer(
    '/overview',
    {},
    {
      refetchInterval: ASK_EVERY_MS,
      // The mark in the title of a tab is for when another one is looked at.
      refetchIntervalInBackground: true,
    },
  );
  const connection = useConnection().type;
  const answeredAt = data ? Date.parse(data.now) : 0;
  // While it is true, the second is of no matter: nothing is drawn again for it.
  const now = useOfNow((at) => (at - answeredAt > KNOWN_FOR_MS ? at : answeredAt));
  return {
    overview: data,
    error,
    refetch,
    doubts: doubtsOf({ overview: data, error, connection, now }),
  };
}
