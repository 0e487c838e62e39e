import {
  AUDIT_QUEUE,
  CONSOLE_QUEUES,
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
 * The bounds of dead letters and unrouted messages: 90 days, so that an absence of a quarter loses nothing; 100,000 messages, which a
 * host that sends nonsense every second fills in 28 hours; 512 MiB, so that the three queues take at most 1.5 GiB of disk.
 */
export const KEPT_BOUNDS = { messages: 100_000, bytes: 512 * 1024 * 1024, ageMs: 90 * DAY_MS };

/**
 * If something else (an operator policy, say) makes messages of our queues expire or overflow, they become dead letters or their
 * publisher is refused; they are never dropped. The broker guarantees this only for queues that may refuse publishers.
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

/** Their messages wait for a person. */
export const KEPT_QUEUES: readonly string[] = [
  ...[INGEST_QUEUE, AUDIT_QUEUE].map(deadLetterQueue),
  UNROUTED_QUEUE,
];

/** Drops the oldest: refusing the newest would block the consumers that publish dead letters. */
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

/** Bounds the queue of a subscriber that is gone: a week or 64 MiB, whichever comes first. */
const SUBSCRIBER_POLICY: BrokerPolicy = {
  name: 'backup-awareness-subscribers',
  pattern: '^subscriber\\.',
  definition: {
    'message-ttl': 7 * DAY_MS,
    'max-length-bytes': 64 * 1024 * 1024,
    overflow: 'drop-head',
  },
};

/** Bounds what waits for a console that does not keep up; it then tells its pages to fetch everything. */
const CONSOLE_POLICY: BrokerPolicy = {
  name: 'backup-awareness-console',
  pattern: `^${escaped(CONSOLE_QUEUES)}`,
  definition: {
    'max-length': 10_000,
    'max-length-bytes': 32 * 1024 * 1024,
    overflow: 'drop-head',
  },
};

export const POLICIES: readonly BrokerPolicy[] = [
  leadsToDeadLetters(INGEST_QUEUE),
  leadsToDeadLetters(AUDIT_QUEUE),
  KEPT_POLICY,
  SUBSCRIBER_POLICY,
  CONSOLE_POLICY,
];

function exactPattern(name: string): string {
  return `^${escaped(name)}$`;
}

function escaped(name: string): string {
  return name.replaceAll('.', '\\.');
}
