import type { Channel } from 'amqplib';
import { publishDeadLetters } from './publish-dead-letters.js';
import type { Delivery, Outcome } from './delivery.js';
import type { Publisher } from './publisher.js';

/** Something around us is at fault, no message: nothing may be taken until it is well again. */
export class EnvironmentAtFault extends Error {
  override readonly name = 'EnvironmentAtFault';

  constructor(
    reason: string,
    /** What of the batch is settled all the same; all else of it is not, through no fault of its own. */
    readonly settled: ReadonlySet<Delivery>,
  ) {
    super(reason);
  }
}

/**
 * Tells the broker what became of a batch: dead letters are published and confirmed first, then all that is settled is acknowledged.
 * What has failed goes back to its queue.
 *
 * The batch has to be the oldest that is unsettled on the channel, since it is acknowledged with `multiple` where all of it is settled.
 *
 * @throws EnvironmentAtFault where some have to be tried again; those are not acknowledged.
 */
export async function settle(
  channel: Channel,
  queue: string,
  batch: readonly Delivery[],
  outcomes: readonly Outcome[],
  publisher: Publisher,
): Promise<void> {
  // Nearly always nothing is to be buried, and a promise for each message would only be thrown away.
  const settled = outcomes.some(({ kind }) => kind === 'invalid')
    ? await publishDeadLetters(queue, batch, outcomes, publisher)
    : outcomes;
  const unsettled = settled.find((outcome) => outcome.kind === 'try_again');
  const hasFailed = settled.some(({ kind }) => kind === 'failed');
  if (!unsettled && !hasFailed) {
    channel.ack(batch.at(-1)!.raw, true);
    return;
  }
  settled.forEach(({ kind }, i) => {
    // Since RabbitMQ 4.3 only `reject` counts as a delivery, and by that count a message is tried alone.
    if (kind === 'failed') channel.reject(batch[i]!.raw, true);
    else if (kind !== 'try_again') channel.ack(batch[i]!.raw);
  });
  if (unsettled?.kind !== 'try_again') return;
  throw new EnvironmentAtFault(
    unsettled.reason,
    new Set(batch.filter((_, i) => settled[i]!.kind !== 'try_again')),
  );
}
