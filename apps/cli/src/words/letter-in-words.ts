import type { NotReplayable } from '@backup-awareness/messaging/dead-letters';
import type { AnyDeadLetter } from '@backup-awareness/overview/documents';
import { count } from '@backup-awareness/overview/words';

/** Why a message waits for an administrator. */
export function letterReason({ queue, reason, routingKey }: AnyDeadLetter): string {
  if (reason !== null) return reason;
  return queue === 'unrouted'
    ? `no queue is bound for ${routingKey || 'an empty routing key'}`
    : 'unknown: no service of this installation has made it a dead letter';
}

export const NOT_REPLAYABLE: Readonly<Record<NotReplayable, string>> = {
  not_as_it_came:
    'its headers or properties were left out or cannot be read, so it is not the original message',
  headers_not_writable: 'its headers or properties cannot be written again',
  unknown_exchange: 'it was not published through one of our exchanges',
};

/** `1 dead letter`, `3 dead letters`. */
export function countOfLetters(letters: number): string {
  return count(letters, 'dead letter');
}
