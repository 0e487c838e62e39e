import { createEmptyDatabase, createTestDatabase, exampleReport } from '@backup-awareness/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { applyRoles } from '../schema/apply-roles.js';
import { applySchema } from '../schema/apply-schema.js';
import { dataSourceFor } from './data-source-for.js';
import { DATABASE_ROLES, roleName } from '../schema/database-role.js';
import { listEngines } from '../administration/list-engines.js';
import { logReports } from '../reports/log-reports.js';
import { databaseUnreadyReason } from './readiness.js';
import { recordAudit } from '../audit/record-audit.js';
import { OLD_AUDIT_ROWS, OLD_REPORTS } from '../retention/remove-old-rows.js';
import { SessionClient } from './session-client.js';
import { SERVICE_SETTINGS } from './session-settings.js';

type Test = Awaited<ReturnType<typeof createTestDatabase>>;

let product: Test;
let name: string;
beforeAll(async () => {
  product = await createTestDatabase();
  name = new URL(product.ownerUrl).pathname.slice(1);
});
afterAll(() => product?.drop());

const DAMAGING: readonly (readonly [setting: string, value: string])[] = [
  ['search_path', 'elsewhere'],
  ['client_encoding', 'LATIN1'],
  ['DateStyle', 'German, DMY'],
  ['IntervalStyle', 'iso_8601'],
  ['TimeZone', 'America/St_Johns'],
  ['bytea_output', 'escape'],
  ['extra_float_digits', '-15'],
  ['standard_conforming_strings', 'off'],
  ['array_nulls', 'off'],
  ['transform_null_equals', 'on'],
  ['default_transaction_isolation', 'serializable'],
  ['default_transaction_deferrable', 'on'],
  ['client_min_messages', 'debug5'],
  ['exit_on_error', 'on'],
  ['statement_timeout', '4s'],
  ['lock_timeout', '4s'],
  ['idle_in_transaction_session_timeout', '4s'],
  ['idle_session_timeout', '4s'],
  ['transaction_timeout', '4s'],
  ['synchronous_commit', 'off'],
  ['session_replication_role', 'replica'],
  ['backslash_quote', 'off'],
  ['xmloption', 'document'],
  ['check_function_bodies', 'off'],
  ['quote_all_identifiers', 'on'],
  ['plpgsql.variable_conflict', 'use_column'],
];

/** The first version of the server, as `server_version_num` has it, that knows a setting; the others are known by all. */
const KNOWN_SINCE: Readonly<Record<string, number>> = { transaction_timeout: 17_00_00 };

/** Presets a setting. A server that does not know it lets nobody do so: then there is nothing to guard against, nor to undo. */
async function preset(target: string, setting: string, value: string): Promise<boolean> {
  const done = product.owner.query(`ALTER ${target} SET ${setting} = ${pg.escapeLiteral(value)}`);
  done.catch(() => undefined);
  const { rows } = await inSession(product.ownerUrl, 'SHOW server_version_num');
  const isKnown = Number(rows[0].server_version_num) >= (KNOWN_SINCE[setting] ?? 0);
  if (isKnown) await done;
  else await expect(done).rejects.toThrow(`unrecognized configuration parameter "${setting}"`);
  return isKnown;
}

/** Where an administrator may preset a setting for the services, weakest first. */
const PLACES = {
  database: () => [`DATABASE ${name}`],
  role: () => DATABASE_ROLES.map((role) => `ROLE ${roleName(name, role)}`),
  'role in database': () =>
    DATABASE_ROLES.map((role) => `ROLE ${roleName(name, role)} IN DATABASE ${name}`),
};

async function onService<T>(
  role: (typeof DATABASE_ROLES)[number],
  work: (service: DataSource) => Promise<T>,
): Promise<T> {
  const service = await dataSourceFor(product.urls[role], { poolSize: 2 }).initialize();
  try {
    return await work(service);
  } finally {
    await service.destroy();
  }
}

const MESSAGE = 'Ünïcode 漢字 "NULL", \\\\ and \'quotes\'';

/** Stores, reads, removes and compares as the services do, and returns everything that a preset could change. */
async function whatServicesDo(): Promise<unknown> {
  await product.owner.query('TRUNCATE engine_backup_log, audit_log');
  const success = exampleReport({
    eventId: 'same',
    outputMessage: MESSAGE,
    runId: 'NULL',
    doneAt: '2026-02-01T10:00:00.123456Z',
    sentAt: '2026-02-01T10:00:01Z',
  });
  const event = {
    logTime: '2026-02-01T10:00:00.123456Z',
    logTypeName: 'ENGINE_BACKUP_COMPLETED',
    logType: 9025,
    severity: 0,
    message: MESSAGE,
    origin: '/ovirt/engines/engine.example.com',
    correlationId: null,
    fqdn: success.fqdn,
    alertId: null,
    reportOf: null,
    reportedBy: null,
    eventId: 'same',
    eventName: 'ENGINE_BACKUP_COMPLETED',
    customData: JSON.stringify({ text: MESSAGE }),
  };
  const ingested = await onService('ingest', async (ingest) => ({
    unreadyReason: await databaseUnreadyReason(ingest),
    first: await logReports(ingest, [success, exampleReport({ scope: 'files', eventId: 'other' })]),
    again: await logReports(ingest, [success]),
    removed: (await OLD_REPORTS.removeStep(ingest, null)).removed,
    durable: (await ingest.query('SHOW synchronous_commit'))[0].synchronous_commit,
  }));
  const recorded = await onService('audit', async (audit) => ({
    unreadyReason: await databaseUnreadyReason(audit),
    first: await recordAudit(audit, [event]),
    again: await recordAudit(audit, [event]),
    removed: (await OLD_AUDIT_ROWS.removeStep(audit, null)).removed,
    entry: await audit.query('SELECT log_time, message, custom_data FROM audit_log'),
  }));
  const decided = await onService('checker', async (checker) => ({
    unreadyReason: await databaseUnreadyReason(checker),
    last: (await listEngines(checker)).find(({ fqdn }) => fqdn === success.fqdn)?.lastDbSuccessAt,
    read: (
      await checker.query(
        `SELECT output_message, run_id, done_at FROM engine_backup_log WHERE event_id = 'same'`,
      )
    )[0],
    effective: await checker.query(
      `SELECT name, current_setting(name, true) AS value FROM unnest($1::text[]) AS held (name)`,
      [Object.keys(SERVICE_SETTINGS)],
    ),
    float: (await checker.query('SELECT 0.1::float8 + 0.2 AS n'))[0].n,
    span: String((await checker.query("SELECT interval '36 hours' AS n"))[0].n.hours),
  }));
  return { ingested, recorded, decided };
}

let expected: unknown;
beforeAll(async () => (expected = await whatServicesDo()));

test('without presets, reports and events are stored and read as received', () => {
  expect(expected).toMatchObject({
    ingested: {
      unreadyReason: undefined,
      first: ['stored', 'stored'],
      again: ['duplicate'],
      durable: 'on',
    },
    recorded: { unreadyReason: undefined, first: ['stored'], again: ['duplicate'] },
    decided: {
      unreadyReason: undefined,
      last: new Date('2026-02-01T10:00:00.123Z'),
      read: { output_message: MESSAGE, run_id: 'NULL' },
      float: 0.30000000000000004,
      span: '36',
    },
  });
});

describe.each(Object.keys(PLACES) as (keyof typeof PLACES)[])('preset on the %s', (place) => {
  test.each(DAMAGING)('%s = %s changes nothing', async (setting, value) => {
    const changed: string[] = [];
    for (const target of PLACES[place]())
      if (await preset(target, setting, value)) changed.push(target);
    try {
      expect(await whatServicesDo()).toEqual(expected);
    } finally {
      for (const target of changed) await product.owner.query(`ALTER ${target} RESET ${setting}`);
    }
  });
});

test('schema and roles can be applied whatever the database presets', async () => {
  const { url, drop } = await createEmptyDatabase();
  const database = new URL(url).pathname.slice(1);
  try {
    for (const [setting, value] of DAMAGING) await preset(`DATABASE ${database}`, setting, value);
    await applySchema(url);
    const urls = await applyRoles(url, { ingest: 'a', checker: 'b', audit: 'c' });
    const service = dataSourceFor(urls.ingest);
    expect(await databaseUnreadyReason(service)).toBeUndefined();
    await service.destroy();
  } finally {
    await drop();
  }
});

test('a stricter synchronous_commit stays', async () => {
  await product.owner.query(`ALTER DATABASE ${name} SET synchronous_commit = remote_apply`);
  const { rows } = await inSession(product.urls.ingest, 'SHOW synchronous_commit');
  await product.owner.query(`ALTER DATABASE ${name} RESET synchronous_commit`);
  expect(rows).toEqual([{ synchronous_commit: 'remote_apply' }]);
});

async function inSession(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new SessionClient({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}

describe('the unready reason names', () => {
  test('a read-only database', async () => {
    await product.owner.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const unreadyReason = await onService('ingest', databaseUnreadyReason);
    await product.owner.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    expect(unreadyReason).toContain('are read-only: run ALTER ROLE');
  });

  test.each([
    ["SET search_path = 'elsewhere'", /search_path = elsewhere, expected public/],
    ["SET statement_timeout = '1h'", /statement_timeout = 1h, expected 5s/],
    ['SET synchronous_commit = off', /synchronous_commit = off, expected on/],
    [
      'SET exit_on_error = on',
      /exit_on_error = on, expected off: run backup-awareness database apply/,
    ],
  ])('a session that a pooler shares after %s', async (sql, reason) => {
    const service = await dataSourceFor(product.urls.ingest, { poolSize: 1 }).initialize();
    await service.query(sql);
    const unreadyReason = await databaseUnreadyReason(service);
    await service.destroy();
    // Without its search path a session does not even find the migrations.
    expect(unreadyReason).toMatch(sql.includes('search_path') ? /search_path|migrations/ : reason);
  });
});

test.each(['SQL_ASCII', 'LATIN1'])(
  'a database in %s is refused, before anything is changed',
  async (encoding) => {
    const database = `${name}_${encoding.toLowerCase()}`;
    await product.owner.query(
      `CREATE DATABASE ${database} TEMPLATE template0 ENCODING '${encoding}' LOCALE_PROVIDER libc LOCALE 'C'`,
    );
    const url = new URL(product.ownerUrl);
    url.pathname = `/${database}`;
    try {
      const refusal = `the encoding of the database is ${encoding}, expected UTF8: create another`;
      await expect(applySchema(url.href)).rejects.toThrow(refusal);
      await expect(applyRoles(url.href, { ingest: 'a', checker: 'b', audit: 'c' })).rejects.toThrow(
        refusal,
      );
      const { rows } = await inSession(
        url.href,
        `SELECT FROM pg_tables WHERE schemaname = 'public'`,
      );
      expect(rows).toEqual([]);
    } finally {
      await product.owner.query(`DROP DATABASE ${database} WITH (FORCE)`);
    }
  },
);
