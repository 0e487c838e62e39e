// Only reads: must load neither the statements that change something nor zod.
export * from './dismissal-in-effect.js';
export * from './list-alerts.js';
export * from './list-audit.js';
export * from './list-set-aside.js';
export * from './list-undelivered.js';
export * from './settled-audit.js';
export * from '../notifications/read-unknown-spells.js';
