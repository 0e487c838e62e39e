export * from './apply-roles.js';
export * from './apply-schema.js';
export * from './database-role.js';
export * from './privileges.js';
export { presetUnreadyReason } from '../connection/readiness.js';
export * from './role-differences.js';
