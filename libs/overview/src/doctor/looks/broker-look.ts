import { EXCHANGES, QUEUES, type Certificates } from '@backup-awareness/contracts/plain';
import type { QueueDepth } from '@backup-awareness/messaging/session';

/** What a connection to the broker tells. */
export interface BrokerLook {
  readonly version: string | undefined;
  /** By queue; null for one that does not exist. */
  readonly queues: Readonly<Record<string, QueueDepth | null>>;
  /** As `exchange NAME` and `queue NAME`. */
  readonly missing: readonly string[];
}

/** @throws NotConnected if the broker does not answer or refuses the login */
export async function lookAtBroker(amqpUrl: string, tls?: Certificates): Promise<BrokerLook> {
  const [session, { missingTopology }] = await Promise.all([
    import('@backup-awareness/messaging/session'),
    import('@backup-awareness/messaging/health'),
  ]);
  const look = async (connection: Parameters<typeof session.brokerVersion>[0]) => ({
    version: session.brokerVersion(connection),
    missing: await missingTopology(connection),
    queues: Object.fromEntries(
      await Promise.all(
        QUEUES.map(
          async ({ name }) => [name, await session.queueDepthIfThere(connection, name)] as const,
        ),
      ),
    ),
  });
  return session.onBroker(amqpUrl, 'backup-awareness doctor', look, tls);
}

/** How many there have to be. */
export const OBJECTS = { exchanges: EXCHANGES.length, queues: QUEUES.length };
