// Must not load TypeORM: loading it takes longer than most commands run.
export * from './in-transaction.js';
export { msOf } from './ms-of.js';
export { serversOf } from './primary.js';
export {
  DatabaseTimeoutError,
  SessionClient,
  type ReadTls,
  type SessionConfig,
} from './session-client.js';
export * from './on-database.js';
export * from './sql-runner.js';
export * from './sql-state.js';
export * from './text-array.js';
