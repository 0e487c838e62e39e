export {
  amqpUrlVariable,
  ConfigurationError,
  optionalTextVariable,
  pemVariable,
  readConfiguration,
  secret,
  SERVICE_VARIABLES,
  textVariable,
  urlVariable,
  type Configuration,
  type ServiceConfiguration,
  type Variables,
} from './configuration.js';
export { type ReadinessChecks, type UnreadyReason } from './health.js';
export { runService, type Service } from './run-service.js';
export { ServiceModule } from './service.module.js';
