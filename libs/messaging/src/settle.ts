import type { Channel } from 'amqplib';
import { publishDeadLetters } from './publish-dead-letters.js';
import type { Delivery, Outcome } from './delivery.js';
import type { Publisher } from './publisher.js';

/** The environment is at fault, not a message: nothing may be consumed until it is fit again. */
export class EnvironmentAtFault extends Error {
  override readonly name = 'EnvironmentAtFault';

  constructor(
    reason: string,
    /** The messages of the batch that are settled; the others are not, through no fault of their own. */
    readonly settled: ReadonlySet<Delivery>,
  ) {
    super(reason);
  }
}

/**
 * Settles a batch with the broker: first dead letters are published and confirmed, then what is settled is acknowledged and what failed
 * is requeued.
 *
 * It must be the oldest unsettled batch on the channel, since a batch settled as a whole is acknowledged with `multiple`.
 *
 * @throws EnvironmentAtFault if some messages have to be tried again; those are not acknowledged
 */
export async function settle(
  channel: Channel,
  queue: string,
  batch: readonly Delivery[],
  outcomes: readonly Outcome[],
  publisher: Publisher,
): Promise<void> {
  // Hot: nearly always there is no dead letter, and a promise for each message would be wasted.
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
    // Since RabbitMQ 4.3 only `reject` raises the delivery count, which decides that a message is tried alone.
    if (kind === 'failed') channel.reject(batch[i]!.raw, true);
    else if (kind !== 'try_again') channel.ack(batch[i]!.raw);
  });
  if (unsettled?.kind !== 'try_again') return;
  throw new EnvironmentAtFault(
    unsettled.reason,
    new Set(batch.filter((_, i) => settled[i]!.kind !== 'try_again')),
  );
}
