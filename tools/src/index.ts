export { freePort } from './start/ports.js';
export { findRabbitmq } from './start/find-rabbitmq.js';
export { keepRunning } from './start/keep-running.js';
export type { MainOptions } from './start/main.js';
export type { Part } from './start/part.js';
export { startPostgresql, type Postgresql } from './start/postgresql.js';
export { openProcessTable } from './start/process-table.js';
export { startRabbitmq, type Rabbitmq } from './start/rabbitmq.js';
export {
  startRabbitmqCluster,
  type ClusterNode,
  type RabbitmqCluster,
} from './start/rabbitmq-cluster.js';
export { openRunDirectory, type RunDirectory } from './start/run-directory.js';
export { disposeRunDirectory, openTemporaryRunDirectory } from './test/temporary-run-directory.js';
