export { BATCHES, BatchTransport, type BatchTransportOptions } from './batch-transport.js';
export {
  openBrokerConnection,
  type BrokerConnection,
  type BrokerTls,
} from './broker-connection.js';
export {
  applyBrokerUsers,
  BROKER_USER_NAMES,
  BROKER_USERS,
  brokerUserName,
  eventsBrokerUser,
  type BrokerUser,
} from './broker-users.js';
export {
  consumeInBatches,
  MESSAGING_READINESS,
  type BatchStorage,
  type MessagingReadiness,
} from './consume-in-batches.js';
export { DUPLICATE, invalid, STORED, tryAgain, type Delivery, type Outcome } from './delivery.js';
export { eventMessage } from './event-message.js';
export {
  BrokerUnavailable,
  ChannelRefused,
  ConnectionEnded,
  MessageRefused,
  Publisher,
  type OutgoingMessage,
} from './publisher.js';
export { applyHostUser, removeHostUser } from './host-users.js';
export { ManagementRefused, ManagementUnreachable } from './management-api.js';
export { PassageWatch, type Passages } from './passage-watch.js';
export { queueDepth, type QueueDepth } from './queue-depth.js';
export { REPLIES, ReplyTransport, type BrokerRequest } from './reply-transport.js';
export { storeBatch, type BatchStore } from './store-batch.js';
export { applyTopology, missingTopology } from './topology.js';
export { compareTopology, type TopologyComparison } from './topology-differences.js';
export { TopologyWatch } from './topology-watch.js';
export { CONSUMING, MessagingModule, type MessagingOptions } from './messaging.module.js';
export type { BegunTry, MessageTries, TriedMessage } from './message-tries.js';
