import type { BatchTransport } from './batch-transport.js';
import type { BrokerConnection } from './broker-connection.js';
import type { PassageWatch } from './passage-watch.js';
import type { Publisher } from './publisher.js';
import type { TopologyWatch } from './topology-watch.js';

/** What a service that works queues needs of the broker before it is ready: why it lacks, or undefined, by name. */
export function messagingReadiness(
  connection: BrokerConnection,
  publisher: Publisher,
  topology: TopologyWatch,
  transport: BatchTransport,
  passage: PassageWatch,
): Record<'broker' | 'topology' | 'messages' | 'passage', () => string | undefined> {
  return {
    broker: () => connection.unreadyReason() ?? publisher.unreadyReason(),
    topology: () => topology.unreadyReason(),
    messages: () => transport.unreadyReason(),
    passage: () => passage.unreadyReason(),
  };
}
