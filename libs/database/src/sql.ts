/** SQL that several readers share: without TypeORM, for a program that may not load much. */
export { msOf } from './ms-of.js';

/** SQL that joins to `engine` the last successes a full backup is made of: `db.counted_at` and `files.counted_at`, null where there is none. */
export const LAST_SUCCESSES = `
LEFT JOIN engine_last_success db ON db.fqdn = engine.fqdn AND db.scope = 'db'
LEFT JOIN engine_last_success files ON files.fqdn = engine.fqdn AND files.scope = 'files'`;
