import { errorText } from '@backup-awareness/contracts';
import { bareDeadLetterOf, deadLetterOf } from './dead-letter.js';
import type { Delivery } from '../consuming/delivery.js';
import { tryAgain, type Outcome } from '../consuming/outcome.js';
import {
  ChannelRefused,
  ConnectionEnded,
  MessageRefused,
  type OutgoingMessage,
  type Publisher,
} from '../publishing/publisher.js';

type InvalidOutcome = Extract<Outcome, { kind: 'invalid' }>;

/**
 * Publishes a dead letter for each invalid message of a batch. If amqplib cannot write the sender's headers or properties, or the broker
 * closes the channel or the connection because of them, the dead letter is published without them.
 *
 * @returns the given outcomes, with `try_again` for each message whose dead letter could not be published
 */
export async function publishDeadLetters(
  queue: string,
  batch: readonly Delivery[],
  outcomes: readonly Outcome[],
  publisher: Publisher,
): Promise<Outcome[]> {
  const published = await Promise.all(
    batch.map((delivery, i) => publishFirst(queue, delivery, outcomes[i]!, publisher)),
  );
  const settled = published.map((failure, i) =>
    failure === undefined ? outcomes[i]! : notPublished(failure),
  );
  // Any of those in flight may have been the cause. While the broker is away this loop does nothing.
  for (const [i, failure] of published.entries()) {
    if (!mayBeTheCause(failure)) continue;
    const again = await publishAlone(queue, batch[i]!, outcomes[i] as InvalidOutcome, publisher);
    settled[i] = again === undefined ? outcomes[i]! : notPublished(again);
    if (again !== undefined) break;
  }
  return settled;
}

async function publishFirst(
  queue: string,
  delivery: Delivery,
  outcome: Outcome,
  publisher: Publisher,
): Promise<unknown> {
  if (outcome.kind !== 'invalid') return undefined;
  const failure = await failureOf(publisher, deadLetterOf(queue, delivery, outcome.invalid));
  if (!(failure instanceof MessageRefused)) return failure;
  return publishBare(queue, delivery, outcome, publisher, failure);
}

/** With nothing else in flight, so that the broker's reaction concerns this one. */
async function publishAlone(
  queue: string,
  delivery: Delivery,
  outcome: InvalidOutcome,
  publisher: Publisher,
): Promise<unknown> {
  const failure = await failureOf(publisher, deadLetterOf(queue, delivery, outcome.invalid));
  if (!mayBeTheCause(failure)) return failure;
  return publishBare(queue, delivery, outcome, publisher, failure);
}

function publishBare(
  queue: string,
  delivery: Delivery,
  { invalid }: InvalidOutcome,
  publisher: Publisher,
  because: unknown,
): Promise<unknown> {
  const letter = bareDeadLetterOf(queue, delivery, invalid, errorText(because));
  return failureOf(publisher, letter);
}

/** Why it could not be published; undefined if it was. */
async function failureOf(publisher: Publisher, letter: OutgoingMessage): Promise<unknown> {
  try {
    await publisher.publish(letter);
    return undefined;
  } catch (error) {
    return error;
  }
}

function mayBeTheCause(failure: unknown): boolean {
  return failure instanceof ChannelRefused || failure instanceof ConnectionEnded;
}

function notPublished(failure: unknown): Outcome {
  return tryAgain(`cannot publish a dead letter: ${errorText(failure)}`);
}
