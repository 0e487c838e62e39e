/**
 * SQL that joins to `engine` the last successes a full backup consists of: `db.counted_at` and `files.counted_at`, null where there is
 * none. Whatever reads last successes begins with it: the check, and every list.
 */
export const LAST_SUCCESSES = `
LEFT JOIN engine_last_success db ON db.fqdn = engine.fqdn AND db.scope = 'db'
LEFT JOIN engine_last_success files ON files.fqdn = engine.fqdn AND files.scope = 'files'`;
