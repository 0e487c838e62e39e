export * from './apply-roles.js';
export * from './apply-schema.js';
export * from './database-role.js';
export * from './privileges.js';
