export { createProgress, type Progress } from './start/progress.js';
export { ensurePackages } from './start/ensure-packages.js';
export { explainError } from './start/explain-error.js';
export { findRabbitmq } from './start/find-rabbitmq.js';
export { freePort } from './start/ports.js';
export { keepRunning } from './start/keep-running.js';
export type { MainOptions } from './start/main.js';
export type { Part } from './start/part.js';
export { prepareBroker, prepareDatabase } from './start/prepare.js';
export { openProcessTable } from './start/process-table.js';
export { startPostgresql, type Postgresql } from './start/postgresql.js';
export { startRabbitmq, type Rabbitmq } from './start/rabbitmq.js';
export {
  startRabbitmqCluster,
  type ClusterNode,
  type RabbitmqCluster,
} from './start/rabbitmq-cluster.js';
export { openRunDirectory, type RunDirectory } from './start/run-directory.js';
export { createService, serviceDefinitions, type Service } from './start/services.js';
export { readSettings } from './start/settings.js';
export { disposeRunDirectory, openTemporaryRunDirectory } from './test/temporary-run-directory.js';
