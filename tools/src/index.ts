export { openRunDirectory, type RunDirectory } from './start/run-directory.js';
export { startPostgresql, type Postgresql } from './start/postgresql.js';
export { startRabbitmq, type Rabbitmq } from './start/rabbitmq.js';
export type { Part } from './start/part.js';
