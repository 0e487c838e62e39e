// What looks at a broker without changing it. Loads no framework.
export {
  brokerUserName,
  BROKER_USER_NAMES,
  OPTIONAL_BROKER_USERS,
  type BrokerUser,
} from './broker-users.js';
export * from './broker-health.js';
export type { ManagementAddress } from './management-api.js';
export { missingTopology } from './topology.js';
