export {
  amqpUrlVariable,
  ConfigurationError,
  optionalTextVariable,
  readConfiguration,
  SERVICE_VARIABLES,
  type Configuration,
  type ServiceConfiguration,
  type Variables,
} from './configuration.js';
export { type ReadinessChecks, type UnreadyReason } from './health.js';
export { runService, type Service } from './run-service.js';
export { ServiceModule } from './service.module.js';
