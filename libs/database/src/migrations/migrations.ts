import { InitialSchema1763856000000 } from './1763856000000-initial-schema.js';

/** Every migration, oldest first. One that was released is never altered: a new one follows it. */
export const MIGRATIONS = [InitialSchema1763856000000];

export const MIGRATIONS_TABLE = 'schema_migration';
