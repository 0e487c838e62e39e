// Must not load TypeORM.
export * from './last-successes.js';
export * from './log-reports.js';
export * from './message-tries.js';
export * from './open-runs.js';
export * from './queue-passages.js';
export type { StoreOutcome } from './store-once.js';
export * from './trial-inserts.js';
export * from './writing-unready-reason.js';
export * from './traces-of-runs.js';
export * from './traces-of-successes.js';
