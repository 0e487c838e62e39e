// Loads no framework: for programs that run once.
export { brokerUserName } from '../topology/broker-users.js';
export type { DeadLetter, LetterUsers } from './dead-letter-of-message.js';
export type { LetterQueue } from './letter-queues.js';
export { replayOf, type NotReplayable } from './replayed-message.js';
export {
  findDeadLetter,
  listDeadLetters,
  settleDeadLetters,
  type LetterSource,
  type TakenLetter,
} from './take-letters.js';
