import type { Invalid } from '@backup-awareness/contracts';
import type { Channel } from 'amqplib';
import { describeError } from './broker-connection.js';
import { bareDeadLetterOf, deadLetterOf } from './dead-letter.js';
import { tryAgain, type Delivery, type Outcome } from './delivery.js';
import { MessageRefused, type Publisher } from './publisher.js';

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
    ? await Promise.all(
        batch.map((delivery, i) => buryIfInvalid(queue, delivery, outcomes[i]!, publisher)),
      )
    : outcomes;
  const unsettled = settled.find((outcome) => outcome.kind === 'try_again');
  if (unsettled?.kind !== 'try_again') {
    channel.ack(batch.at(-1)!.raw, true);
    return;
  }
  settled.forEach((outcome, i) => {
    if (outcome.kind !== 'try_again') channel.ack(batch[i]!.raw);
  });
  throw new EnvironmentAtFault(
    unsettled.reason,
    new Set(batch.filter((_, i) => settled[i]!.kind !== 'try_again')),
  );
}

async function buryIfInvalid(
  queue: string,
  delivery: Delivery,
  outcome: Outcome,
  publisher: Publisher,
): Promise<Outcome> {
  if (outcome.kind !== 'invalid') return outcome;
  try {
    await bury(queue, delivery, outcome.invalid, publisher);
    return outcome;
  } catch (error) {
    return tryAgain(`cannot publish a dead letter: ${describeError(error)}`);
  }
}

/** A sender may have written properties that can be read and not be written again: they must not keep the message from being buried. */
async function bury(
  queue: string,
  delivery: Delivery,
  why: Invalid,
  publisher: Publisher,
): Promise<void> {
  try {
    await publisher.publish(deadLetterOf(queue, delivery, why));
  } catch (error) {
    if (!(error instanceof MessageRefused)) throw error;
    await publisher.publish(bareDeadLetterOf(queue, delivery, why, error.message));
  }
}
