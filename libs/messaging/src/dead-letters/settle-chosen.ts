import type { OutgoingMessage } from '../publishing/publisher.js';
import type { DeadLetter } from './dead-letter-of-message.js';
import { replayOf, type NotReplayable } from './replayed-message.js';
import { settleDeadLetters, type LetterSource, type TakenLetter } from './take-letters.js';

/** Which letters, and what is done about each of them. */
export interface LettersToSettle {
  readonly isChosen: (letter: DeadLetter) => boolean;
  /** Records the decision about these letters; what is gone is recorded. */
  readonly record: (letters: readonly DeadLetter[]) => Promise<void>;
  /** Called after each chunk, with its letters that are settled. */
  readonly onSettled?: (letters: readonly DeadLetter[]) => void;
}

export interface NotReplayed {
  readonly letter: DeadLetter;
  readonly why: NotReplayable;
}

/**
 * Publishes the chosen letters to where they came from. A letter is removed from its queue after the broker has confirmed it and it is
 * recorded: one that is not removed may have been published, and is a duplicate then.
 *
 * @param publish as the broker user `replay`, confirmed
 * @returns the letters that cannot be published again, which stay
 * @throws DeadLettersInUse, or what `publish` or `record` throws; nothing more is then settled
 */
export async function replayLetters(
  source: LetterSource,
  { isChosen, record, onSettled }: LettersToSettle,
  publish: (messages: readonly OutgoingMessage[]) => Promise<void>,
): Promise<NotReplayed[]> {
  const notReplayed: NotReplayed[] = [];
  await settleDeadLetters(source, isChosen, async (chunk) => {
    const going: TakenLetter[] = [];
    const messages = chunk.flatMap((taken) => {
      const replayed = replayOf(taken.letter, taken.message);
      if (replayed.isPossible) {
        going.push(taken);
        return [replayed.message];
      }
      notReplayed.push({ letter: taken.letter, why: replayed.why });
      return [];
    });
    if (going.length === 0) return [];
    const letters = going.map(({ letter }) => letter);
    await publish(messages);
    await record(letters);
    onSettled?.(letters);
    return going;
  });
  return notReplayed;
}

/** Removes the chosen letters from their queues, after that is recorded. @throws DeadLettersInUse, or what `record` throws */
export async function discardLetters(
  source: LetterSource,
  { isChosen, record, onSettled }: LettersToSettle,
): Promise<void> {
  await settleDeadLetters(source, isChosen, async (chunk) => {
    const letters = chunk.map(({ letter }) => letter);
    await record(letters);
    onSettled?.(letters);
    return chunk;
  });
}
