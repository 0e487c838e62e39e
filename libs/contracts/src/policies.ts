import {
  AUDIT_QUEUE,
  DEAD_EXCHANGE,
  deadLetterQueue,
  INGEST_QUEUE,
  UNROUTED_QUEUE,
} from './topology.js';

/** A policy of the broker for some of the queues. Of several that match one queue, only that of the highest priority counts. */
export interface BrokerPolicy {
  readonly name: string;
  /** Matches the names of its queues. */
  readonly pattern: string;
  readonly definition: Readonly<Record<string, string | number>>;
}

/** Above an ordinary policy for everything, whose priority is 0. */
export const POLICY_PRIORITY = 100;

const DAY_MS = 24 * 3_600_000;

/**
 * The bounds of dead letters and of what is unrouted: 90 days, so that a quarter's absence loses nothing; 100,000, which a host that reports
 * nonsense every second fills in 28 hours; 512 MiB, so that the three queues together take 1.5 GiB of the broker's disk at most.
 */
export const KEPT_BOUNDS = { messages: 100_000, bytes: 512 * 1024 * 1024, ageMs: 90 * DAY_MS };

/**
 * What something else makes expire or overflow in a queue of ours (an operator policy, for instance) becomes a dead letter, or its publisher
 * is refused; it is never dropped. The broker does both at least once only where it may refuse publishers.
 */
function leadsToDeadLetters(queue: string): BrokerPolicy {
  return {
    name: queue.replaceAll('.', '-'),
    pattern: exactPattern(queue),
    definition: {
      'dead-letter-exchange': DEAD_EXCHANGE,
      'dead-letter-routing-key': queue,
      'dead-letter-strategy': 'at-least-once',
      overflow: 'reject-publish',
    },
  };
}

/** What waits there waits for a person. */
export const KEPT_QUEUES: readonly string[] = [
  ...[INGEST_QUEUE, AUDIT_QUEUE].map(deadLetterQueue),
  UNROUTED_QUEUE,
];

/** The oldest goes first: to refuse the newest would hold up whoever has to put a dead letter away. */
const KEPT_POLICY: BrokerPolicy = {
  name: 'backup-awareness-kept',
  pattern: `^(${KEPT_QUEUES.map(escaped).join('|')})$`,
  definition: {
    'message-ttl': KEPT_BOUNDS.ageMs,
    'max-length': KEPT_BOUNDS.messages,
    'max-length-bytes': KEPT_BOUNDS.bytes,
    overflow: 'drop-head',
  },
};

/** Bounds what a subscriber who went away leaves behind: a week or 64 MiB, whichever comes first. */
const SUBSCRIBER_POLICY: BrokerPolicy = {
  name: 'backup-awareness-subscribers',
  pattern: '^subscriber\\.',
  definition: {
    'message-ttl': 7 * DAY_MS,
    'max-length-bytes': 64 * 1024 * 1024,
    overflow: 'drop-head',
  },
};

export const POLICIES: readonly BrokerPolicy[] = [
  leadsToDeadLetters(INGEST_QUEUE),
  leadsToDeadLetters(AUDIT_QUEUE),
  KEPT_POLICY,
  SUBSCRIBER_POLICY,
];

function exactPattern(name: string): string {
  return `^${escaped(name)}$`;
}

function escaped(name: string): string {
  return name.replaceAll('.', '\\.');
}
