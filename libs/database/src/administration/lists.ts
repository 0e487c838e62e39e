// What only reads: without the statements that change something, and without zod.
export * from './list-alerts.js';
export * from './list-audit.js';
