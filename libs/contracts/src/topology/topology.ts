import { REPORT_NAMES } from '../received/report-status.js';

/** The names of everything at the broker. Others rely on them; they never change. */
export const ENGINE_BACKUP_EXCHANGE = 'ovirt.engine-backup';
export const ALERTS_EXCHANGE = 'ovirt.backup-alerts';
export const ADMINISTRATION_EXCHANGE = 'ovirt.backup-administration';
export const ALERT_REQUESTS_EXCHANGE = 'ovirt.backup-alerts.requests';
/** Keeps the latest positions of the outbox; not for others. */
export const INCARNATION_EXCHANGE = 'backup-awareness.incarnation';
export const INCARNATION_STREAM = 'backup-awareness.incarnation';
const UNROUTED_EXCHANGE = 'ovirt.unrouted';
export const DEAD_EXCHANGE = 'backup-awareness.dead';

export const INGEST_QUEUE = 'backup-awareness.ingest';
export const AUDIT_QUEUE = 'backup-awareness.audit';
export const SETTINGS_QUEUE = 'backup-awareness.settings';
export const ACTIVE_ALERTS_QUEUE = 'backup-awareness.active-alerts';
export const UNROUTED_QUEUE = 'ovirt.unrouted';

export const SETTINGS_REQUESTED = 'BACKUP_SETTINGS_REQUESTED';
export const ACTIVE_ALERTS_REQUESTED = 'ACTIVE_ALERTS_REQUESTED';

/** The maximum size of a message, at the broker and here. */
export const MAX_MESSAGE_BYTES = 2 * 1024 * 1024;

export function deadLetterQueue(queue: string): string {
  return `${queue}.dead`;
}

export interface Exchange {
  readonly name: string;
  readonly type: 'topic' | 'fanout' | 'direct';
  readonly alternateExchange?: string;
}

export interface Queue {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number>>;
}

export interface Binding {
  readonly exchange: string;
  readonly queue: string;
  readonly routingKey: string;
}

/**
 * If unset, there is no limit on RabbitMQ 3.10 and a limit of 20 on 4; -1 means no redelivery at all on 3.10.
 * A queue cannot be redeclared with another value, so this one stays for ever.
 */
const QUORUM = { 'x-queue-type': 'quorum', 'x-delivery-limit': 1_000_000 } as const;

/** Reading a stream removes nothing; the broker drops whole segments, and always keeps the last one. */
const STREAM = {
  'x-queue-type': 'stream',
  'x-max-length-bytes': 1_000_000,
  'x-stream-max-segment-size-bytes': 250_000,
} as const;
/** Nobody waits for the answer to a request that is older than `ttlMs`. */
const classicForRequests = (ttlMs: number) => ({
  'x-queue-type': 'classic',
  'x-message-ttl': ttlMs,
});

export const EXCHANGES: readonly Exchange[] = [
  { name: UNROUTED_EXCHANGE, type: 'fanout' },
  { name: DEAD_EXCHANGE, type: 'direct' },
  { name: ENGINE_BACKUP_EXCHANGE, type: 'topic', alternateExchange: UNROUTED_EXCHANGE },
  { name: ALERTS_EXCHANGE, type: 'topic', alternateExchange: UNROUTED_EXCHANGE },
  { name: ADMINISTRATION_EXCHANGE, type: 'topic', alternateExchange: UNROUTED_EXCHANGE },
  // A request that nobody can answer is returned to who asks, not kept.
  { name: ALERT_REQUESTS_EXCHANGE, type: 'direct' },
  { name: INCARNATION_EXCHANGE, type: 'fanout' },
];

export const QUEUES: readonly Queue[] = [
  ...[INGEST_QUEUE, AUDIT_QUEUE].flatMap((name) => [
    { name, arguments: QUORUM },
    { name: deadLetterQueue(name), arguments: QUORUM },
  ]),
  { name: UNROUTED_QUEUE, arguments: QUORUM },
  { name: SETTINGS_QUEUE, arguments: classicForRequests(2_000) },
  { name: ACTIVE_ALERTS_QUEUE, arguments: classicForRequests(30_000) },
  { name: INCARNATION_STREAM, arguments: STREAM },
];

export const BINDINGS: readonly Binding[] = [
  ...[INGEST_QUEUE, AUDIT_QUEUE].flatMap((queue) =>
    REPORT_NAMES.map((name) => ({
      exchange: ENGINE_BACKUP_EXCHANGE,
      queue,
      routingKey: `${name}.#`,
    })),
  ),
  { exchange: ALERTS_EXCHANGE, queue: AUDIT_QUEUE, routingKey: 'BackupAlertRaised.#' },
  { exchange: ALERTS_EXCHANGE, queue: AUDIT_QUEUE, routingKey: 'BackupAlertCleared.#' },
  { exchange: ADMINISTRATION_EXCHANGE, queue: AUDIT_QUEUE, routingKey: '#' },
  {
    exchange: ENGINE_BACKUP_EXCHANGE,
    queue: SETTINGS_QUEUE,
    routingKey: SETTINGS_REQUESTED,
  },
  {
    exchange: ALERT_REQUESTS_EXCHANGE,
    queue: ACTIVE_ALERTS_QUEUE,
    routingKey: ACTIVE_ALERTS_REQUESTED,
  },
  ...[INGEST_QUEUE, AUDIT_QUEUE].map((queue) => ({
    exchange: DEAD_EXCHANGE,
    queue: deadLetterQueue(queue),
    routingKey: queue,
  })),
  { exchange: UNROUTED_EXCHANGE, queue: UNROUTED_QUEUE, routingKey: '' },
  { exchange: INCARNATION_EXCHANGE, queue: INCARNATION_STREAM, routingKey: '' },
  // Without any subscriber it would be unrouted.
  { exchange: ALERTS_EXCHANGE, queue: INCARNATION_STREAM, routingKey: 'DatabaseRestored.#' },
];
