export { addressOf } from './address.js';
export * from './claim-notifications.js';
export * from './destination-health.js';
export * from './note-changes.js';
export * from './note-scheduled.js';
export * from './read-unknown-spells.js';
export * from './settle-notifications.js';
export * from './start-destination.js';
export * from './unknown-spells.js';
