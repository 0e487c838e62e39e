import {
  AUDIT_QUEUE,
  deadLetterQueue,
  errorText,
  INGEST_QUEUE,
  UNROUTED_QUEUE,
  type Certificates,
} from '@backup-awareness/contracts/plain';

/** The queues that matter to an administrator. */
export const QUEUES = {
  ingest: INGEST_QUEUE,
  audit: AUDIT_QUEUE,
  ingestDead: deadLetterQueue(INGEST_QUEUE),
  auditDead: deadLetterQueue(AUDIT_QUEUE),
  unrouted: UNROUTED_QUEUE,
} as const;

export type QueuePurpose = keyof typeof QUEUES;
export const QUEUE_PURPOSES = Object.keys(QUEUES) as QueuePurpose[];

/** How many messages are in each; null if the queue is missing. */
export type QueueDepths = Readonly<Record<QueuePurpose, number | null>>;

export interface Unreachable {
  readonly isReachable: false;
  readonly host: string;
  /** The error of the broker or the network. */
  readonly error: string;
}

export type Reachability = { readonly isReachable: true } | Unreachable;

export type BrokerView = { readonly isReachable: true; readonly depths: QueueDepths } | Unreachable;

/** Reads the depths of the queues. Never throws: a broker that does not answer is a finding. */
export async function viewBroker(amqpUrl: string, tls?: Certificates): Promise<BrokerView> {
  try {
    const { onBroker, queueDepthIfThere } = await import('@backup-awareness/messaging/session');
    const readDepths = (connection: Parameters<typeof queueDepthIfThere>[0]) =>
      Promise.all(
        QUEUE_PURPOSES.map(async (purpose) => {
          const depth = await queueDepthIfThere(connection, QUEUES[purpose]);
          return [purpose, depth?.messages ?? null] as const;
        }),
      );
    const depths = await onBroker(amqpUrl, 'backup-awareness', readDepths, tls);
    return { isReachable: true, depths: Object.fromEntries(depths) as QueueDepths };
  } catch (error) {
    const { name, cause } = error as Error;
    const reason = name === 'NotConnected' ? cause : error;
    return { isReachable: false, host: new URL(amqpUrl).host, error: errorText(reason) };
  }
}
