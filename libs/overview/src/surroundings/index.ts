export { viewBroker, type BrokerView, type QueueDepths } from './broker.js';
export { askServices, type ServiceReadiness, type Unready } from './services.js';
export { viewTopology, type TopologyView } from './topology.js';
