import type { Channel, ChannelModel, Message } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeChannel } from '../connection/close-channel.js';
import { queueDepth } from '../topology/queue-depth.js';
import {
  deadLetterOfMessage,
  type DeadLetter,
  type LetterUsers,
} from './dead-letter-of-message.js';
import { LETTER_QUEUE_NAMES, LETTER_QUEUES, type LetterQueue } from './letter-queues.js';
import { underDeadLettersLock } from './lock.js';

/** A dead letter with its message. */
export interface TakenLetter {
  readonly letter: DeadLetter;
  readonly message: Message;
}

export interface LetterSource {
  readonly connection: ChannelModel;
  readonly users: LetterUsers;
  /** By default all. */
  readonly queues?: readonly LetterQueue[];
}

/**
 * Reads letters, the oldest first. Each stays in its queue.
 *
 * @param atMost stops after so many of each queue; by default all are read
 * @throws DeadLettersInUse
 */
export async function listDeadLetters(
  source: LetterSource,
  atMost = Infinity,
): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  const counts = new Map<string, number>();
  await eachLetter(source, async ({ letter }) => {
    letters.push(letter);
    const ofQueue = (counts.get(letter.queue) ?? 0) + 1;
    counts.set(letter.queue, ofQueue);
    return ofQueue >= atMost ? 'next queue' : false;
  });
  return letters.toSorted(byAge);
}

export interface FindOptions {
  /** Stops looking after so long; by default all letters are looked at. */
  readonly withinMs?: number;
  /** Called at the end with how long nobody else could work with the letters; not at all if none was looked at. */
  readonly onHeld?: (ms: number) => void;
}

/** A letter was looked for as long as was wanted, and not found among those that were looked at. */
export class DeadLetterSearchStopped extends Error {
  override readonly name = 'DeadLetterSearchStopped';
}

/**
 * The first letter with this id, with its message; it stays in its queue.
 *
 * @throws DeadLettersInUse, or DeadLetterSearchStopped
 */
export async function findDeadLetter(
  source: LetterSource,
  id: string,
  { withinMs = Infinity, onHeld }: FindOptions = {},
): Promise<TakenLetter | undefined> {
  let found: TakenLetter | undefined;
  let beganAt: number | undefined;
  const heldMs = () => performance.now() - (beganAt ??= performance.now());
  try {
    await eachLetter(source, async (taken) => {
      const lookedMs = heldMs();
      if (taken.letter.id === id) found = taken;
      else if (lookedMs >= withinMs)
        throw new DeadLetterSearchStopped(
          `the dead letter was not found within ${withinMs / 1_000} s, and not all were looked at`,
        );
      return found !== undefined;
    });
  } finally {
    if (beganAt !== undefined) onHeld?.(heldMs());
  }
  return found;
}

const CHUNK_LETTERS = 100;
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * Gives the chosen letters to `handle` in chunks, and removes each one that it returns from its queue; all others stay. A letter is
 * removed only after `handle` has resolved. Letters that arrive in the meantime are left alone.
 *
 * @param handle if it rejects nothing more is handled, and its chunk stays
 * @throws DeadLettersInUse, or what `handle` throws
 */
export async function settleDeadLetters(
  source: LetterSource,
  isChosen: (letter: DeadLetter) => boolean,
  handle: (chunk: readonly TakenLetter[]) => Promise<readonly TakenLetter[]>,
): Promise<void> {
  let chunk: TakenLetter[] = [];
  let bytes = 0;
  const settle = async (remove: Remove): Promise<void> => {
    if (chunk.length > 0) await remove(await handle(chunk));
    chunk = [];
    bytes = 0;
  };
  await eachLetter(
    source,
    async (taken, remove) => {
      if (!isChosen(taken.letter)) return;
      chunk.push(taken);
      bytes += taken.letter.bytes;
      if (chunk.length >= CHUNK_LETTERS || bytes >= CHUNK_BYTES) await settle(remove);
    },
    settle,
  );
}

/** Removes letters from their queue for good. */
type Remove = (letters: readonly TakenLetter[]) => Promise<void>;

/**
 * Half of the commands that a channel of the broker sends to a quorum queue before it waits for answers; beyond that, acknowledgements
 * are lost if the channel is closed early, and the letter comes back.
 */
const ACKS_AT_ONCE = 16;

/**
 * Takes the letters of each queue in parts, and returns those that are not removed. All are held until then, and the broker takes them
 * back when that lasts longer than its `consumer_timeout`: one request for each would not do.
 *
 * @param look returns true to stop, or to go on with the next queue
 * @param atEnd called for each queue before its letters are returned
 */
async function eachLetter(
  { connection, users, queues = LETTER_QUEUE_NAMES }: LetterSource,
  look: (taken: TakenLetter, remove: Remove) => Promise<boolean | 'next queue' | void>,
  atEnd: (remove: Remove) => Promise<void> = async () => undefined,
): Promise<void> {
  await underDeadLettersLock(connection, async () => {
    let isOver = false;
    for (const queue of queues) {
      if (isOver) return;
      const name = LETTER_QUEUES[queue];
      let held = 0;
      await onChannel(connection, async (channel) => {
        const ahead: Message[] = [];
        const take = async (count: number): Promise<void> => {
          const part = await takePart(channel, name, count);
          held += part.length;
          ahead.push(...part);
        };
        const remove: Remove = async (letters) => {
          for (let from = 0; from < letters.length; from += ACKS_AT_ONCE) {
            const some = letters.slice(from, from + ACKS_AT_ONCE);
            for (const { message } of some) channel.ack(message);
            held -= some.length;
            // The queue answers in order: when it does, it has removed them.
            await take(1);
          }
        };
        const { messageCount } = await channel.checkQueue(name);
        for (let looked = 0; looked < messageCount && !isOver; looked++) {
          if (ahead.length === 0) await take(Math.min(PART_LETTERS, messageCount - looked));
          const message = ahead.shift();
          if (!message) break;
          const letter = deadLetterOfMessage(queue, message, users);
          const answer = await look({ letter, message }, remove);
          if (answer === 'next queue') break;
          isOver = answer === true;
        }
        await atEnd(remove);
      }).finally(() => returned(connection, name, held));
    }
  });
}

/** As much as a consumer may hold (`HELD_BYTES_MAX`) if each letter is as large as the product's broker accepts. */
const PART_LETTERS = 32;
/** A letter may expire, or go to somebody else, before it comes. */
const PART_WITHIN_MS = 1_000;

/** Takes up to `count` letters; none only if the queue is empty. */
async function takePart(channel: Channel, queue: string, count: number): Promise<Message[]> {
  const part = count > 1 ? await consumePart(channel, queue, count) : [];
  if (part.length > 0) return part;
  const message = await channel.get(queue);
  return message ? [message] : [];
}

async function consumePart(channel: Channel, queue: string, count: number): Promise<Message[]> {
  const part: Message[] = [];
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  await channel.prefetch(count);
  const { consumerTag } = await channel.consume(queue, (message) => {
    if (message) part.push(message);
    if (!message || part.length === count) finish();
  });
  const timer = setTimeout(finish, PART_WITHIN_MS);
  await finished;
  clearTimeout(timer);
  // Once this resolves nothing more arrives.
  await channel.cancel(consumerTag);
  return part;
}

/** Closing the channel returns what is not acknowledged, and sends all acknowledgements first. */
async function onChannel(
  connection: ChannelModel,
  work: (channel: Channel) => Promise<void>,
): Promise<void> {
  const channel = await connection.createChannel();
  let refusal: Error | undefined;
  channel.on('error', (error: Error) => (refusal = error));
  try {
    await work(channel);
  } catch (error) {
    throw refusal ?? error;
  } finally {
    await closeChannel(channel);
  }
}

const RETURNED_WITHIN_MS = 5_000;
const ASK_AGAIN_MS = 20;

/**
 * Waits until that many letters are in the queue: a quorum queue requeues them only after the channel is closed, and the next
 * administrator would miss them. They may also expire meanwhile, so the wait is limited.
 */
async function returned(connection: ChannelModel, queue: string, count: number): Promise<void> {
  const deadline = performance.now() + RETURNED_WITHIN_MS;
  while (count > 0 && performance.now() < deadline) {
    const depth = await queueDepth(connection, queue).catch(() => undefined);
    // Without a connection the next administrator cannot have waited for this one.
    if (depth === undefined || depth.messages >= count) return;
    await sleep(ASK_AGAIN_MS);
  }
}

/** A queue does not keep the order of letters that were taken and returned. */
function byAge(a: DeadLetter, b: DeadLetter): number {
  const [first, second] = [a, b].map(({ deadAt, receivedAt, id }) =>
    [deadAt ?? receivedAt ?? '', id].join(' '),
  ) as [string, string];
  return first < second ? -1 : first > second ? 1 : 0;
}
