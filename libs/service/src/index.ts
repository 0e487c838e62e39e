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
export { certificateReader, databaseCertificates, type Certificates } from './certificates.js';
export { observeBatches, type ObserveBatch } from './batch-metrics.js';
export { exposition, instantSamples, type MetricFamily, type Sample } from './exposition.js';
export { METRICS_CONTENT_TYPE, type ReadMetrics } from './metrics.js';
export { PRODUCT_VERSION, type ReadinessChecks, type UnreadyReason } from './health.js';
export { httpAdapter } from './http-adapter.js';
export { runService, type Service } from './run-service.js';
export { ServiceModule } from './service.module.js';
