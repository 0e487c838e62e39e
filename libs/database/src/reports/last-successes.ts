/**
 * SQL that joins to `engine` the last successes that make up a full backup: `db.counted_at` and `files.counted_at`, null without one.
 * Used by everything that reads last successes: the check, and every list.
 */
export const LAST_SUCCESSES = `
LEFT JOIN engine_last_success db ON db.fqdn = engine.fqdn AND db.scope = 'db'
LEFT JOIN engine_last_success files ON files.fqdn = engine.fqdn AND files.scope = 'files'`;
