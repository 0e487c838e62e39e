import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { applySchema } from './apply-schema.js';
import { dataSourceFor } from '../connection/data-source-for.js';
import { DATABASE_ROLES, type DatabaseRole } from './database-role.js';
import { inTransaction } from '../connection/in-transaction.js';
import { sqlState } from '../connection/sql-state.js';

let database: TestDatabase;
let services: Record<DatabaseRole, DataSource>;

beforeAll(async () => {
  database = await createTestDatabase();
  const connected = await Promise.all(
    DATABASE_ROLES.map(async (role) => [
      role,
      await dataSourceFor(database.urls[role], { poolSize: 1 }).initialize(),
    ]),
  );
  services = Object.fromEntries(connected) as Record<DatabaseRole, DataSource>;
});
afterAll(async () => {
  await Promise.all(Object.values(services ?? {}).map((service) => service.destroy()));
  await database?.drop();
});

const REPORT = `INSERT INTO engine_backup_log
  (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
  VALUES ('e', gen_random_uuid()::text, 'db', now(), true, '', '', now(), now())`;
const AUDIT = `INSERT INTO audit_log
  (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
  VALUES (now(), 'x', 0, 0, '', 'o', gen_random_uuid()::text, 'x', '{}')`;
const ALERT = `INSERT INTO alert
  (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message, cleared_at)
  SELECT gen_random_uuid(), 'ENGINE_NO_FULL_BACKUP', 'e', now(), now(), 1, count(*) + 1, '', now() FROM alert`;
const EVENT = `INSERT INTO outbox (event_id, name, exchange, routing_key, source, subject, time, data)
  VALUES ('i', 'n', 'e', 'r', 's', 's', now(), '{}')`;

const NOTIFICATION = `INSERT INTO notification (destination, subject_id, change, stream, position, noted_at, due_at)
  VALUES ('d', gen_random_uuid(), 'raised', '', 1, now(), now())`;

/** Statements that a role may run, each with one that it may not. */
const CASES: Record<DatabaseRole, readonly (readonly [may: string, mayNot: string])[]> = {
  ingest: [
    [REPORT, `UPDATE engine_backup_log SET is_passed = true`],
    ['SELECT * FROM engine_backup_log', 'DELETE FROM engine_backup_log'],
    ['SELECT count(*) FROM engine_backup_log', 'TRUNCATE engine_backup_log'],
    [
      `INSERT INTO engine (fqdn) VALUES ('e') ON CONFLICT DO NOTHING`,
      'UPDATE engine SET retired_at = now()',
    ],
    ['SELECT 1', `INSERT INTO engine (fqdn, retired_at) VALUES ('f', now())`],
    ['SELECT 1', `INSERT INTO engine (fqdn, alert_period_days) VALUES ('f', 'NaN')`],
    ['SELECT 1', `INSERT INTO engine (fqdn, broker_user) VALUES ('f', 'mine')`],
    ['SELECT 1', `INSERT INTO engine (fqdn, watched_since) VALUES ('f', 'infinity')`],
    ['SELECT * FROM engine', 'DELETE FROM engine'],
    ['SELECT 1', 'SELECT * FROM removal_step'],
    ['SELECT 1', 'DO $$ BEGIN LOCK TABLE schema_lock IN EXCLUSIVE MODE; END $$'],
    ['SELECT 1', 'DO $$ BEGIN LOCK TABLE removal_step IN ACCESS SHARE MODE; END $$'],
    ['SELECT * FROM vdc_options', `UPDATE vdc_options SET option_value = '-1'`],
    ['SELECT count(*) FROM engine', 'SELECT * FROM engine FOR UPDATE'],
    [`SELECT register_engines('{e}')`, 'SELECT * FROM vdc_options FOR UPDATE'],
    ['SELECT name FROM schema_migration', 'DELETE FROM schema_migration'],
    [REPORT, `INSERT INTO engine_last_success VALUES ('e', 'db', now())`],
    [REPORT, 'DELETE FROM engine_last_success'],
    ['SELECT 1', 'SELECT * FROM audit_log'],
    ['SELECT 1', AUDIT],
    ['SELECT 1', 'SELECT * FROM alert'],
    ['SELECT 1', EVENT],
    ['SELECT 1', 'ALTER TABLE engine_backup_log DISABLE TRIGGER ALL'],
    ['SELECT 1', `SELECT engine_last_success_reckon(ARRAY['e'], ARRAY['db'])`],
    [`SELECT remove_old_reports('-infinity', 1)`, 'SELECT remove_old_audit_rows(0, 1)'],
    ['SELECT 1', `SELECT retention_cutoff('BackupLogRetentionInDays')`],
    ['SELECT 1', 'CREATE TABLE mine (a int)'],
    ['SELECT 1', 'CREATE TEMPORARY TABLE mine (a int)'],
    [`INSERT INTO message_try VALUES ('q', sha256('m'), 1)`, 'TRUNCATE message_try'],
    ['UPDATE message_try SET tries = tries + 1', 'ALTER TABLE message_try ADD COLUMN mine int'],
    ['DELETE FROM message_try', 'DROP TABLE message_try'],
    [REPORT, 'SELECT * FROM open_run'],
    [REPORT.replace('true', 'NULL'), `INSERT INTO open_run VALUES ('e', '', 'db', 1)`],
    [REPORT, 'DELETE FROM open_run'],
    ['UPDATE heartbeat SET answered_at = now()', 'UPDATE heartbeat SET recorded_at = now()'],
    ['SELECT 1', 'SELECT * FROM heartbeat'],
  ],
  checker: [
    ['SELECT * FROM engine', `INSERT INTO engine (fqdn) VALUES ('x')`],
    ['SELECT * FROM engine', 'UPDATE engine SET retired_at = now()'],
    ['SELECT * FROM engine_last_success', 'UPDATE engine_last_success SET counted_at = now()'],
    ['SELECT * FROM engine_backup_log', REPORT],
    ['SELECT * FROM vdc_options', `UPDATE vdc_options SET option_value = '-1'`],
    ['SELECT * FROM alert_dismissal', 'DELETE FROM alert_dismissal'],
    [ALERT, 'DELETE FROM alert'],
    [`UPDATE alert SET reason = 'disabled'`, 'TRUNCATE alert'],
    ['SELECT 1', `UPDATE alert SET fqdn = 'other'`],
    ['SELECT 1', 'UPDATE alert SET sequence = 1'],
    ['SELECT 1', `UPDATE engine_alert_state SET fqdn = 'other'`],
    ['SELECT 1', `UPDATE outbox SET data = '{}'`],
    [
      'SELECT 1',
      EVENT.replace('(event_id', '(id, event_id').replace(
        `VALUES (`,
        `OVERRIDING SYSTEM VALUE VALUES (-1, `,
      ),
    ],
    ['UPDATE checker_lease SET expires_at = now()', 'UPDATE checker_lease SET id = 1'],
    ['SELECT 1', 'DO $$ BEGIN LOCK TABLE schema_lock IN EXCLUSIVE MODE; END $$'],
    [
      `INSERT INTO engine_alert_state (fqdn) VALUES ('e') ON CONFLICT (fqdn) DO UPDATE SET last_sequence = 1`,
      'DELETE FROM engine_alert_state',
    ],
    [
      `UPDATE checker_lease SET epoch = epoch + 1`,
      `INSERT INTO checker_lease VALUES (2, '', 0, now())`,
    ],
    ['UPDATE checker_state SET last_check_at = now()', 'DELETE FROM checker_state'],
    ['UPDATE heartbeat SET decided_at = now()', 'UPDATE heartbeat SET recorded_at = now()'],
    ['UPDATE heartbeat SET relayed_at = decided_at', 'UPDATE heartbeat SET answered_at = now()'],
    ['SELECT * FROM heartbeat', 'DELETE FROM heartbeat'],
    [EVENT, 'TRUNCATE outbox'],
    ['UPDATE outbox SET attempts = attempts + 1', AUDIT],
    ['DELETE FROM outbox', 'SELECT * FROM audit_log'],
    ['SELECT name FROM schema_migration', `UPDATE schema_migration SET name = ''`],
    ['SELECT * FROM checker_lease FOR UPDATE', 'CREATE TABLE mine (a int)'],
    [`SELECT remove_old_alerts('-infinity', 1)`, `SELECT remove_old_reports('-infinity', 1)`],
    ['SELECT 1', 'SELECT remove_old_audit_rows(0, 1)'],
    ['SELECT 1', `SELECT register_engines('{e}')`],
    ['SELECT 1', 'SELECT * FROM message_try'],
    ['SELECT * FROM open_run FOR UPDATE', `INSERT INTO open_run VALUES ('f', '', 'db', 1)`],
    ['DELETE FROM open_run', `UPDATE open_run SET fqdn = 'other'`],
    ['SELECT * FROM open_run', 'TRUNCATE open_run'],
  ],
  notifier: [
    ['SELECT * FROM engine', `INSERT INTO engine (fqdn) VALUES ('x')`],
    ['SELECT * FROM engine', 'UPDATE engine SET retired_at = now()'],
    ['SELECT * FROM engine_backup_log', REPORT],
    ['SELECT * FROM engine_last_success', 'DELETE FROM engine_last_success'],
    ['SELECT * FROM engine_alert_state', 'UPDATE engine_alert_state SET decided_version = 0'],
    ['SELECT * FROM vdc_options', `UPDATE vdc_options SET option_value = '-1'`],
    ['SELECT * FROM alert', ALERT],
    ['SELECT * FROM alert', `UPDATE alert SET reason = 'disabled'`],
    [
      'SELECT * FROM alert_dismissal',
      'INSERT INTO alert_dismissal VALUES (gen_random_uuid(), now(), current_user)',
    ],
    ['SELECT * FROM checker_state', 'UPDATE checker_state SET last_check_at = now()'],
    ['SELECT * FROM audit_log', AUDIT],
    ['SELECT count(set_aside_at), min(created_at) FROM outbox', 'SELECT data FROM outbox'],
    ['SELECT 1', EVENT],
    ['SELECT 1', 'SELECT * FROM checker_lease'],
    ['SELECT name FROM schema_migration', 'DELETE FROM schema_migration'],
    [NOTIFICATION, 'TRUNCATE notification'],
    [`UPDATE notification SET tries = 1`, `UPDATE notification SET destination = 'other'`],
    ['DELETE FROM notification', 'DROP TABLE notification'],
    [
      `INSERT INTO unknown_spell VALUES (gen_random_uuid(), now(), now(), null, '')`,
      'UPDATE unknown_spell SET began_at = now()',
    ],
    [
      `INSERT INTO notification_destination (destination, seen_at) VALUES ('d', now())`,
      `UPDATE notification_destination SET destination = 'e'`,
    ],
    ['DELETE FROM notification_destination', 'TRUNCATE notification_destination'],
    ['UPDATE heartbeat SET beaten_at = now()', 'UPDATE heartbeat SET decided_at = now()'],
    ['SELECT * FROM heartbeat', 'INSERT INTO heartbeat (id) VALUES (1)'],
    ['SELECT 1', `SELECT register_engines('{e}')`],
    ['SELECT 1', `SELECT remove_old_alerts('-infinity', 1)`],
    ['SELECT 1', 'DO $$ BEGIN LOCK TABLE schema_lock IN ACCESS SHARE MODE; END $$'],
    ['SELECT 1', 'CREATE TABLE mine (a int)'],
    ['SELECT 1', 'CREATE TEMPORARY TABLE mine (a int)'],
  ],
  console: [
    ['SELECT * FROM engine_backup_log', REPORT],
    [`INSERT INTO engine (fqdn) VALUES ('added')`, 'DELETE FROM engine'],
    [
      'UPDATE engine SET retired_at = now(), version = version + 1',
      `UPDATE engine SET fqdn = 'other'`,
    ],
    ['SELECT * FROM engine FOR UPDATE', 'TRUNCATE engine'],
    ['SELECT * FROM engine_last_success', 'DELETE FROM engine_last_success'],
    ['SELECT * FROM engine_alert_state', 'UPDATE engine_alert_state SET decided_version = 0'],
    [
      `UPDATE vdc_options SET option_value = '2' WHERE false`,
      `UPDATE vdc_options SET default_value = '2'`,
    ],
    ['SELECT * FROM vdc_options', 'DELETE FROM vdc_options'],
    ['SELECT * FROM alert', ALERT],
    ['SELECT * FROM alert', `UPDATE alert SET reason = 'disabled'`],
    ['SELECT * FROM alert_dismissal', 'TRUNCATE alert_dismissal'],
    ['DELETE FROM alert_dismissal', 'DROP TABLE alert_dismissal'],
    ['SELECT * FROM checker_state', 'UPDATE checker_state SET last_check_at = now()'],
    ['SELECT * FROM heartbeat', 'UPDATE heartbeat SET decided_at = now()'],
    ['SELECT * FROM audit_log', AUDIT],
    ['SELECT * FROM audit_log', 'DELETE FROM audit_log'],
    [EVENT, 'DELETE FROM outbox'],
    ['SELECT count(set_aside_at), min(created_at) FROM outbox', 'SELECT data FROM outbox'],
    ['UPDATE notification SET tries = 1', 'UPDATE notification SET claimed_until = now()'],
    ['SELECT * FROM notification', 'DELETE FROM notification'],
    ['SELECT * FROM unknown_spell', 'DELETE FROM unknown_spell'],
    ['SELECT * FROM notification_destination', 'DELETE FROM notification_destination'],
    [
      'SELECT * FROM console_token',
      `INSERT INTO console_token (name, secret_hash, role, created_by) VALUES ('t', sha256('s'), 'operator', 'x')`,
    ],
    ['SELECT * FROM console_token', 'UPDATE console_token SET revoked_at = NULL'],
    [
      'UPDATE console_sign_in_link SET used_at = now()',
      `INSERT INTO console_sign_in_link VALUES (sha256('s'), 'x', 'operator', now())`,
    ],
    ['DELETE FROM console_sign_in_link', `UPDATE console_sign_in_link SET role = 'operator'`],
    [
      `INSERT INTO console_session VALUES (sha256('s'), 'x', 'viewer')`,
      `UPDATE console_session SET role = 'operator'`,
    ],
    ['DELETE FROM console_session', 'TRUNCATE console_session'],
    ['SELECT * FROM checker_lease', 'UPDATE checker_lease SET epoch = 0'],
    ['SELECT 1', 'SELECT * FROM message_try'],
    ['SELECT name FROM schema_migration', 'DELETE FROM schema_migration'],
    ['SELECT 1', 'DO $$ BEGIN LOCK TABLE schema_lock IN ACCESS SHARE MODE; END $$'],
    ['SELECT 1', `SELECT register_engines('{e}')`],
    ['SELECT 1', `SELECT remove_old_reports('-infinity', 1)`],
    ['SELECT 1', 'CREATE TABLE mine (a int)'],
  ],
  reader: [
    ['SELECT 1', 'SELECT * FROM console_token'],
    ['SELECT 1', 'SELECT * FROM console_session'],
    ['SELECT 1', 'SELECT * FROM console_sign_in_link'],
    ['SELECT 1', 'SELECT * FROM heartbeat'],
    ['SELECT * FROM notification_destination', 'DELETE FROM notification_destination'],
    ['SELECT * FROM notification', 'DELETE FROM notification'],
    ['SELECT * FROM unknown_spell', 'DELETE FROM unknown_spell'],
    ['SELECT * FROM engine', `INSERT INTO engine (fqdn) VALUES ('x')`],
    ['SELECT * FROM engine', 'SELECT * FROM engine FOR UPDATE'],
    ['SELECT * FROM engine', 'UPDATE engine SET retired_at = now()'],
    ['SELECT * FROM engine_last_success', 'DELETE FROM engine_last_success'],
    ['SELECT * FROM engine_backup_log', REPORT],
    ['SELECT * FROM engine_backup_log', 'UPDATE engine_backup_log SET is_discounted = true'],
    ['SELECT * FROM engine_alert_state', 'UPDATE engine_alert_state SET decided_version = 0'],
    ['SELECT * FROM vdc_options', `UPDATE vdc_options SET option_value = '-1'`],
    ['SELECT * FROM alert', ALERT],
    ['SELECT * FROM alert', `UPDATE alert SET reason = 'disabled'`],
    [
      'SELECT * FROM alert_dismissal',
      'INSERT INTO alert_dismissal VALUES (gen_random_uuid(), now(), current_user)',
    ],
    ['SELECT * FROM checker_state', 'UPDATE checker_state SET last_check_at = now()'],
    ['SELECT * FROM audit_log', AUDIT],
    ['SELECT * FROM audit_log', 'DELETE FROM audit_log'],
    ['SELECT count(set_aside_at), min(created_at) FROM outbox', 'SELECT data FROM outbox'],
    ['SELECT 1', EVENT],
    ['SELECT 1', 'DELETE FROM outbox'],
    ['SELECT 1', 'SELECT * FROM checker_lease'],
    ['SELECT 1', 'SELECT * FROM message_try'],
    ['SELECT 1', 'SELECT * FROM queue_passage'],
    ['SELECT 1', 'SELECT * FROM removal_step'],
    ['SELECT 1', 'SELECT * FROM schema_migration'],
    ['SELECT 1', 'DO $$ BEGIN LOCK TABLE schema_lock IN ACCESS SHARE MODE; END $$'],
    ['SELECT 1', 'DO $$ BEGIN LOCK TABLE engine IN ROW EXCLUSIVE MODE; END $$'],
    ['SELECT 1', `SELECT register_engines('{e}')`],
    ['SELECT 1', `SELECT remove_old_reports('-infinity', 1)`],
    ['SELECT 1', `SELECT remove_old_alerts('-infinity', 1)`],
    ['SELECT 1', 'SELECT remove_old_audit_rows(0, 1)'],
    ['SELECT 1', `SELECT retention_cutoff('BackupLogRetentionInDays')`],
    ['SELECT 1', 'SELECT rolpassword FROM pg_authid'],
    ['SELECT 1', `SELECT pg_read_file('PG_VERSION')`],
    ['SELECT 1', 'ALTER TABLE audit_log DISABLE TRIGGER ALL'],
    ['SELECT 1', 'CREATE TABLE mine (a int)'],
    ['SELECT 1', 'CREATE TEMPORARY TABLE mine (a int)'],
  ],
  audit: [
    [
      'UPDATE heartbeat SET recorded_at = greatest(recorded_at, now())',
      'UPDATE heartbeat SET relayed_at = now()',
    ],
    ['SELECT recorded_at FROM heartbeat', 'SELECT * FROM heartbeat'],
    [AUDIT, `UPDATE audit_log SET severity = 0`],
    ['SELECT * FROM audit_log', 'DELETE FROM audit_log'],
    ['SELECT count(*) FROM audit_log', 'TRUNCATE audit_log'],
    [
      'SELECT 1',
      AUDIT.replace('(log_time', '(recorded_at, log_time').replace('(now()', `('infinity', now()`),
    ],
    [
      'SELECT 1',
      AUDIT.replace('(log_time', '(audit_log_id, log_time').replace(
        'VALUES (',
        'OVERRIDING SYSTEM VALUE VALUES (-1, ',
      ),
    ],
    ['SELECT 1', 'DO $$ BEGIN LOCK TABLE schema_lock IN EXCLUSIVE MODE; END $$'],
    ['SELECT name FROM schema_migration', 'DELETE FROM schema_migration'],
    ['SELECT 1', 'SELECT * FROM engine_backup_log'],
    ['SELECT 1', REPORT],
    ['SELECT fqdn, broker_user FROM engine', 'SELECT * FROM engine'],
    [`SELECT register_engines('{e}')`, `INSERT INTO engine (fqdn) VALUES ('x')`],
    ['SELECT 1', 'SELECT * FROM vdc_options'],
    ['SELECT 1', 'SELECT * FROM alert'],
    ['SELECT 1', 'SELECT * FROM outbox'],
    ['SELECT 1', 'INSERT INTO alert_dismissal VALUES (gen_random_uuid(), now(), current_user)'],
    ['SELECT 1', 'ALTER TABLE audit_log DISABLE TRIGGER ALL'],
    ['SELECT 1', 'DROP TABLE audit_log'],
    ['SELECT remove_old_audit_rows(0, 1)', `SELECT remove_old_reports('-infinity', 1)`],
    ['SELECT 1', `SELECT remove_old_alerts('-infinity', 1)`],
    ['SELECT 1', `SELECT retention_cutoff('AuditLogRetentionInDays')`],
    ['SELECT 1', 'CREATE TABLE mine (a int)'],
    [`INSERT INTO message_try VALUES ('q', sha256('m'), 1)`, 'TRUNCATE message_try'],
    ['UPDATE message_try SET tries = tries + 1', 'ALTER TABLE message_try ADD COLUMN mine int'],
    ['DELETE FROM message_try', 'DROP TABLE message_try'],
  ],
};

describe.each(DATABASE_ROLES)('the role of %s', (role) => {
  test.each(CASES[role])('may: %s — and may not: %s', async (may, mayNot) => {
    await services[role].query(may);
    const failure: unknown = await services[role].query(mayNot).catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('42501');
  });

  test('has time limits for statements, locks and idle transactions', async () => {
    const [settings] = await services[role].query(
      `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
         current_setting('idle_in_transaction_session_timeout') AS idle`,
    );
    expect(settings).toEqual({ statement: '5s', lock: '5s', idle: '3s' });
  });

  test('has no attributes or memberships', async () => {
    const [attributes] = await services[role].query(
      `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS more,
         (SELECT count(*)::int FROM pg_auth_members WHERE member = pg_roles.oid) AS memberships
       FROM pg_roles WHERE rolname = current_user`,
    );
    expect(attributes).toEqual({ more: false, memberships: 0 });
  });
});

test('a role of another database cannot connect', async () => {
  const other = await createTestDatabase();
  const stranger = new URL(database.urls.ingest);
  stranger.pathname = new URL(other.ownerUrl).pathname;
  const failure: unknown = await dataSourceFor(stranger.href)
    .initialize()
    .catch((error: unknown) => error);
  await other.drop();
  expect(sqlState(failure)).toBe('42501');
});

test.each(['NaN', '0', '-1', '3650.1', 'Infinity'])(
  'not even the owner can store the alert period %s',
  async (days) => {
    const failure: unknown = await database.owner
      .query(`INSERT INTO engine (fqdn, alert_period_days) VALUES ('wrong', $1)`, [days])
      .catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('23514');
  },
);

test('a role that holds the locks of earlier versions blocks neither the schema nor retention', async () => {
  const thief = await dataSourceFor(database.urls.ingest, { poolSize: 1 }).initialize();
  try {
    for (const lock of [[0x6f56, 0x6261], ...[1, 2].map((table) => [0x6f56, 0x7200 + table])])
      await thief.query(`SELECT pg_advisory_lock(${lock.join(', ')})`);
    await applySchema(database.ownerUrl);
    await database.owner.query(
      `UPDATE vdc_options SET option_value = '1' WHERE option_name LIKE '%RetentionInDays'`,
    );
    await services.ingest.query(
      REPORT.replace('true', 'null').replace('now(), now())', `now() - interval '9 days', now())`),
    );
    const [step] = await services.ingest.query(
      `SELECT removed FROM remove_old_reports('-infinity', 500)`,
    );
    expect(step).toEqual({ removed: 1 });
  } finally {
    await thief.destroy();
  }
});

test('only one step of retention runs at a time', async () => {
  const removed = `SELECT removed FROM remove_old_reports('-infinity', 500)`;
  await services.ingest.query(
    REPORT.replace('true', 'null').replace('now(), now())', `now() - interval '9 days', now())`),
  );
  await inTransaction(database.owner, async (other) => {
    await other.query(`SELECT FROM removal_step WHERE table_name = 'engine_backup_log' FOR UPDATE`);
    expect(await services.ingest.query(removed)).toEqual([{ removed: 0 }]);
  });
  expect(await services.ingest.query(removed)).toEqual([{ removed: 1 }]);
});
