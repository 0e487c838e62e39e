// Loads no framework: for programs that run once.
export { brokerUserName } from '../topology/broker-users.js';
export type { DeadLetter, LetterUsers } from './dead-letter-of-message.js';
export { LETTER_QUEUE_NAMES, type LetterQueue } from './letter-queues.js';
export type { NotReplayable } from './replayed-message.js';
export {
  discardLetters,
  replayLetters,
  type LettersToSettle,
  type NotReplayed,
} from './settle-chosen.js';
export {
  DeadLetterSearchStopped,
  findDeadLetter,
  listDeadLetters,
  type FindOptions,
  type LetterSource,
  type TakenLetter,
} from './take-letters.js';
