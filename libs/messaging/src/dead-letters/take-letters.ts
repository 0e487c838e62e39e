import type { Channel, ChannelModel, GetMessage } from 'amqplib';
import { closeChannel } from '../close-channel.js';
import { deadLetterOfMessage, type DeadLetter, type LetterUsers } from './dead-letter-of-message.js';
import { LETTER_QUEUES, type LetterQueue } from './letter-queues.js';
import { underDeadLettersLock } from './lock.js';

/** A dead letter with its message. */
export interface TakenLetter {
  readonly letter: DeadLetter;
  readonly message: GetMessage;
}

export interface LetterSource {
  readonly connection: ChannelModel;
  readonly users: LetterUsers;
  /** By default all. */
  readonly queues?: readonly LetterQueue[];
}

/** Reads all letters, the oldest first. Each stays in its queue. @throws DeadLettersInUse */
export async function listDeadLetters(source: LetterSource): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  await eachLetter(source, async ({ letter }) => {
    letters.push(letter);
  });
  return letters.toSorted(byAge);
}

/** The first letter with this id, with its message; it stays in its queue. @throws DeadLettersInUse */
export async function findDeadLetter(
  source: LetterSource,
  id: string,
): Promise<TakenLetter | undefined> {
  let found: TakenLetter | undefined;
  await eachLetter(source, async (taken) => {
    if (taken.letter.id === id) found = taken;
    return found !== undefined;
  });
  return found;
}

const CHUNK_LETTERS = 100;
const CHUNK_BYTES = 8 * 1024 * 1024;

/**
 * Gives the chosen letters to `handle` in chunks, and removes from its queue each one that it returns; all others stay. A letter is
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
  const settle = async (channel: Channel): Promise<void> => {
    if (chunk.length === 0) return;
    for (const { message } of await handle(chunk)) channel.ack(message);
    chunk = [];
    bytes = 0;
  };
  await eachLetter(
    source,
    async (taken, channel) => {
      if (!isChosen(taken.letter)) return;
      chunk.push(taken);
      bytes += taken.letter.bytes;
      if (chunk.length >= CHUNK_LETTERS || bytes >= CHUNK_BYTES) await settle(channel);
    },
    settle,
  );
}

/**
 * Takes the letters of each queue one after the other, so that only one message at a time is on its way, and returns them when it
 * closes the channel.
 *
 * @param look true ends it
 * @param atEnd called for each queue before its letters are returned
 */
async function eachLetter(
  { connection, users, queues = Object.keys(LETTER_QUEUES) as LetterQueue[] }: LetterSource,
  look: (taken: TakenLetter, channel: Channel) => Promise<boolean | void>,
  atEnd: (channel: Channel) => Promise<void> = async () => undefined,
): Promise<void> {
  await underDeadLettersLock(connection, async () => {
    for (const queue of queues) {
      const channel = await connection.createChannel();
      let refusal: Error | undefined;
      channel.on('error', (error: Error) => (refusal = error));
      try {
        const { messageCount } = await channel.checkQueue(LETTER_QUEUES[queue]);
        for (let taken = 0; taken < messageCount; taken++) {
          const message = await channel.get(LETTER_QUEUES[queue]);
          if (!message) break;
          const letter = deadLetterOfMessage(queue, message, users);
          if ((await look({ letter, message }, channel)) === true) return;
        }
        await atEnd(channel);
      } catch (error) {
        throw refusal ?? error;
      } finally {
        await closeChannel(channel);
      }
    }
  });
}

/** A queue does not keep the order of letters that were taken and returned. */
function byAge(a: DeadLetter, b: DeadLetter): number {
  const at = ({ deadAt, receivedAt }: DeadLetter) => deadAt ?? receivedAt ?? '';
  return at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0;
}
