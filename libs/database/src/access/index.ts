// Must not load TypeORM, as the folder administration.
export * from './badges.js';
export * from './identity.js';
export * from './record-access.js';
export * from './sessions.js';
export * from './sign-in-links.js';
export * from './tokens.js';
