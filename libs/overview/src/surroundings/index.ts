export { viewBroker, type BrokerView, type QueueDepths, type Reachability } from './broker.js';
export { lookAtQueues, type QueueLook } from './queues.js';
export { askServices, askVersions, type ServiceReadiness, type Unready } from './services.js';
export { viewTopology, type TopologyView } from './topology.js';
