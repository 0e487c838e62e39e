import {
  AUDIT_QUEUE,
  deadLetterQueue,
  INGEST_QUEUE,
  UNROUTED_QUEUE,
} from '@backup-awareness/contracts/plain';

/** The queues whose messages wait for an administrator, by their short names. */
export const LETTER_QUEUES = {
  ingest: deadLetterQueue(INGEST_QUEUE),
  audit: deadLetterQueue(AUDIT_QUEUE),
  unrouted: UNROUTED_QUEUE,
} as const;

export type LetterQueue = keyof typeof LETTER_QUEUES;
export const LETTER_QUEUE_NAMES = Object.keys(LETTER_QUEUES) as LetterQueue[];

/** The queue that a dead letter came from; unrouted messages came from none. */
export const CONSUMED_QUEUES: Readonly<Record<LetterQueue, string | undefined>> = {
  ingest: INGEST_QUEUE,
  audit: AUDIT_QUEUE,
  unrouted: undefined,
};
