import type { Delivery } from './delivery.js';
import { DUPLICATE, type Outcome } from './outcome.js';

type Handle = (batch: readonly Delivery[]) => Promise<readonly Outcome[]>;

/**
 * Leaves out the messages that are replayed for another queue: this one has settled the original. Without that, each replay of an
 * invalid message would make a second dead letter in the other queue.
 */
export function onlyOwn(queue: string, handle: Handle): Handle {
  const isOwn = ({ replayQueue }: Delivery) => replayQueue === undefined || replayQueue === queue;
  return async (batch) => {
    // Hot: nearly always all are.
    if (batch.every(isOwn)) return handle(batch);
    const own = batch.filter(isOwn);
    const outcomes = own.length === 0 ? [] : await handle(own);
    if (outcomes.length !== own.length) return outcomes;
    let next = 0;
    return batch.map((delivery) => (isOwn(delivery) ? outcomes[next++]! : DUPLICATE));
  };
}
