export { ensurePackages } from './packages/ensure-packages.js';
export { startPostgresql, type Postgresql } from './postgresql/postgresql.js';
export { keepRunning } from './processes/keep-running.js';
export { httpGet } from './processes/http-get.js';
export type { MainOptions } from './processes/main-options.js';
export { parentGone } from './processes/parent-gone.js';
export type { Part } from './processes/part.js';
export { chooseFreePort, isFree } from './processes/choose-free-port.js';
export { programOf } from './processes/program-of.js';
export { openProcessTable } from './processes/process-table.js';
export { EndedEarly, createSingleProcess } from './processes/single-process.js';
export { spawnRecorded } from './processes/spawn-recorded.js';
export { startPatiently } from './processes/start-patiently.js';
export { stopRecorded } from './processes/stop-process.js';
export { ensureRabbitmq } from './rabbitmq/ensure-rabbitmq.js';
export { findRabbitmq } from './rabbitmq/find-rabbitmq.js';
export {
  startRabbitmqCluster,
  type ClusterNode,
  type RabbitmqCluster,
} from './rabbitmq/rabbitmq-cluster.js';
export { startInstalledRabbitmq, startRabbitmq, type Rabbitmq } from './rabbitmq/rabbitmq.js';
export { replaceFile, replaceJson } from './run-directory/replace-file.js';
export { openRunDirectory, type RunDirectory } from './run-directory/run-directory.js';
export {
  disposeRunDirectory,
  openTemporaryRunDirectory,
} from './run-directory/temporary-run-directory.js';
export { createProgress, type Progress } from './output/progress.js';
export { StartFailure } from './output/start-failure.js';
export { chooseVersions } from './versions/choose-versions.js';
