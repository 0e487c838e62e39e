export {
  BATCHES,
  BatchTransport,
  type BatchTransportOptions,
} from './consuming/batch-transport.js';
export {
  openBrokerConnection,
  virtualHostOf,
  type BrokerConnection,
  type BrokerTls,
} from './connection/broker-connection.js';
export {
  applyBrokerUsers,
  BROKER_USER_NAMES,
  brokerUserName,
  OPTIONAL_BROKER_USERS,
  eventsBrokerUser,
  type BrokerPasswords,
  type BrokerUser,
} from './topology/broker-users.js';
export {
  consumeInBatches,
  MESSAGING_READINESS,
  type BatchStorage,
  type MessagingReadiness,
} from './consuming/consume-in-batches.js';
export { deliveryOf, type Delivery } from './consuming/delivery.js';
export { openOwnQueue, type OwnQueue } from './consuming/own-queue.js';
export { invalid, SETTLED_KINDS, tryAgain, type Outcome } from './consuming/outcome.js';
export { eventMessage } from './publishing/event-message.js';
export {
  BrokerUnavailable,
  ChannelRefused,
  MessageRefused,
  Publisher,
  type OutgoingMessage,
} from './publishing/publisher.js';
export { applyHostUser, removeHostUser } from './topology/host-users.js';
export { applySubscriberUser, removeSubscriberUser } from './topology/subscriber-users.js';
export {
  ManagementRefused,
  ManagementUnreachable,
  type ManagementAddress,
} from './topology/management-api.js';
export { PassageWatch, type Passages } from './consuming/passage-watch.js';
export { queueDepth, type QueueDepth } from './topology/queue-depth.js';
export { REPLIES, ReplyTransport, type BrokerRequest } from './publishing/reply-transport.js';
export { storeBatch, type BatchStore } from './consuming/store-batch.js';
export { applyTopology, missingTopology } from './topology/topology.js';
export { compareTopology, type TopologyComparison } from './topology/topology-differences.js';
export { TopologyWatch } from './topology/topology-watch.js';
export { CONSUMING, MessagingModule, type MessagingOptions } from './messaging.module.js';
export type { BegunTry, MessageTries, TriedMessage } from './dead-letters/message-tries.js';
