// Must not load TypeORM: the caller passes the data source, and entities are named, not imported.
export * from './accept-clock.js';
export * from './add-engine.js';
export * from './dismiss-alert.js';
export * from './forget-destinations.js';
export * from './list-engines.js';
export * from './lists.js';
export * from './options.js';
export * from './record-dead-letters.js';
export * from './refused-error.js';
export * from './retire-engines.js';
export * from './select-engines.js';
export * from './set-engine-alert-period.js';
export * from './set-engine-broker-user.js';
export * from './settle-set-aside.js';
export * from './settle-undelivered.js';
