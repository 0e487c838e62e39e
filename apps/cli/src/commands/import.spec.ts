import {
  createOvirtDatabase,
  createTestBroker,
  createTestDatabase,
  eventually,
  type OvirtDatabase,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../spec/run-command.js';
import { storeReports, type StoredReports } from '../spec/store-reports.js';

let database: TestDatabase;
let broker: TestBroker;
let ovirt: OvirtDatabase;
let ingest: StoredReports;
beforeAll(async () => {
  database = await createTestDatabase();
  broker = await createTestBroker();
  ovirt = await createOvirtDatabase();
  ingest = await storeReports(broker, database);
  // As if a checker had decided all engines after any change of settings.
  await database.owner.query(`UPDATE checker_state SET latest_now_at = now() + interval '1 day'`);
});
afterAll(async () => {
  await ingest?.stop();
  await ovirt?.drop();
  await broker?.drop();
  await database?.drop();
});

const FQDN = 'engine.example.com';

beforeEach(async () => {
  await ovirt.reset();
  await database.owner.query('TRUNCATE engine_backup_log, engine; DELETE FROM outbox');
  await database.owner.query('UPDATE vdc_options SET option_value = default_value');
});

const environment = () => ({ DATABASE_URL: database.ownerUrl, AMQP_URL: broker.amqpUrl });

const run = (...args: string[]) =>
  runCommand(['import', '--from-ovirt', ovirt.readerUrl, ...args], environment());

interface Imported {
  readonly rows: number;
  readonly successes: number;
  readonly reports: { fqdn: string; scope: string; done_at: string }[];
  readonly already_known: number;
  readonly stored: number | null;
  readonly retired: string[];
  readonly left_out: { reason: string; rows: number; examples: object[] }[];
  readonly settings: { name: string; outcome: string; from: string; to: string | null }[];
}

async function runJson(...args: string[]): Promise<Imported> {
  const { exitCode, stdout, stderr } = await run('--json', ...args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

const stored = (): Promise<Record<string, unknown>[]> =>
  database.owner.query(
    `SELECT fqdn, scope, is_passed, output_message, log_path, counted_at = done_at AS counts_from_then, reported_by
     FROM engine_backup_log ORDER BY fqdn, scope, done_at`,
  );

const settings = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await database.owner.query(
        `SELECT option_name AS name, option_value AS value FROM vdc_options WHERE option_name IN ('BackupCheckPeriodInHours', 'BackupAlertPeriodInDays')`,
      )
    ).map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

const changesOfSettings = () =>
  database.owner.query(
    `SELECT data ->> 'who' AS who, data ->> 'what' AS what, data ->> 'from' AS "from", data ->> 'to' AS "to" FROM outbox ORDER BY id`,
  );

describe('the last successes', () => {
  test('of each engine and scope are reported, and count from the time that oVirt recorded', async () => {
    for (const scope of ['db', 'files', 'grafanadb']) {
      await ovirt.addSuccess({ fqdn: FQDN, scope, doneAt: `now() - interval '26 hours'` });
      await ovirt.addSuccess({ fqdn: FQDN, scope });
    }
    await ovirt.addSuccess({
      fqdn: 'other.example.com',
      scope: 'db',
      doneAt: `now() - interval '2 hours'`,
    });
    await ovirt.query(
      `INSERT INTO engine_backup_log VALUES ('db', now(), false, 'disk full', $1, NULL), ('files', now(), NULL, NULL, $1, NULL)`,
      [FQDN],
    );
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain("oVirt's table has 9 rows, of which 7 are successes.\n");
    expect(stdout).toContain('each engine and scope: imported 4 reports.\n');
    expect(stdout).toMatch(/\nengine\.example\.com +db +\d/);
    const user = decodeURIComponent(new URL(broker.amqpUrl).username);
    const row = (fqdn: string, scope: string) => ({
      fqdn,
      scope,
      is_passed: true,
      output_message: 'Backup Finished',
      log_path: '/var/log/backup.log',
      counts_from_then: true,
      reported_by: user,
    });
    expect(await stored()).toEqual([
      row(FQDN, 'db'),
      row(FQDN, 'files'),
      row(FQDN, 'grafanadb'),
      row('other.example.com', 'db'),
    ]);
    const [age] = await database.owner.query(
      `SELECT round(extract(epoch FROM now() - counted_at) / 3600)::int AS hours FROM engine_last_success WHERE fqdn = $1 AND scope = 'db'`,
      [FQDN],
    );
    expect(age).toEqual({ hours: 1 });
  });

  test('are imported once, however often the command runs; a later success follows', async () => {
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'db', doneAt: `now() - interval '2 hours'` });
    expect((await runJson()).reports).toHaveLength(1);
    expect(await runJson()).toMatchObject({ reports: [], already_known: 1 });
    expect((await run()).stdout).toContain(
      'There is nothing to import from it.\n1 last success is known already, or a later one is.\n',
    );
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
    expect((await runJson()).reports).toHaveLength(1);
    expect(await stored()).toHaveLength(2);
  });

  test('of one engine under several spellings are its last', async () => {
    await ovirt.addSuccess({ fqdn: 'Engine.Example.COM', scope: 'db' });
    await ovirt.addSuccess({ fqdn: `${FQDN}.`, scope: 'db', doneAt: `now() - interval '2 hours'` });
    const { reports, successes } = await runJson('--preview');
    expect({ successes, reports }).toMatchObject({ successes: 2, reports: [{ fqdn: FQDN }] });
    const [{ at }] = (await ovirt.query(
      `SELECT to_char(max(done_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM engine_backup_log`,
    )) as [{ at: string }];
    expect(reports[0]?.done_at).toBe(at);
  });

  test('of 50,000 rows are found', async () => {
    await ovirt.query(
      `INSERT INTO engine_backup_log SELECT (ARRAY['db', 'files'])[1 + i % 2], now() - i * interval '1 minute', i % 7 <> 0,
         repeat('x', 200), 'engine-' || i % 40 || '.example.com', '/var/log' FROM generate_series(1, 50000) i`,
    );
    const { rows, reports, stored: count } = await runJson();
    expect({ rows, count }).toEqual({ rows: 50_000, count: 40 });
    expect(reports).toHaveLength(40);
    const [expected] = await ovirt.query(
      `SELECT count(*)::int AS engines, min(done_at) AS first FROM (SELECT max(done_at) AS done_at FROM engine_backup_log WHERE is_passed GROUP BY fqdn, scope) last`,
    );
    const [imported] = await database.owner.query(
      'SELECT count(*)::int AS engines, min(counted_at) AS first FROM engine_last_success',
    );
    expect(imported).toEqual(expected);
  });

  test('of a retired engine are stored, and do not resume its monitoring', async () => {
    await database.owner.query('INSERT INTO engine (fqdn, retired_at) VALUES ($1, now())', [FQDN]);
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
    expect(await runJson()).toMatchObject({ stored: 1, retired: [FQDN] });
    expect((await run('--preview')).exitCode).toBe(0);
    const [engine] = await database.owner.query('SELECT retired_at FROM engine');
    expect(engine.retired_at).not.toBeNull();
  });
});

describe('what cannot be imported', () => {
  test('is told by number and example, and the rest is imported', async () => {
    await ovirt.addSuccess({ fqdn: null, scope: 'db' });
    await ovirt.addSuccess({ fqdn: null, scope: 'db', doneAt: `now() - interval '2 days'` });
    await ovirt.addSuccess({ fqdn: '', scope: 'files' });
    await ovirt.addSuccess({ fqdn: 'my engine\u001b[31m', scope: 'dwhdb' });
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'all' });
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'Bad Scope' });
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'files', doneAt: `now() + interval '1 day'` });
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'files', doneAt: `'infinity'` });
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'files', doneAt: `now() - interval '3 hours'` });
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'keycloak', doneAt: `'-infinity'` });
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(0);
    expect(stdout).toContain('imported 1 report.');
    expect(stdout).toContain('Not imported: 3 successes without a host name, for example:\n');
    expect(stdout).toContain('1 success with something else than a host name in fqdn');
    expect(stdout).toContain('"my engine\\u001b[31m", scope "dwhdb"');
    expect(stdout).toContain('2 successes of something that is no single scope');
    expect(stdout).toContain("2 successes dated later than the clock of oVirt's database");
    expect(stdout).toContain('1 success dated before 1970');
    expect(await stored()).toMatchObject([{ scope: 'files', counts_from_then: true }]);
    const { left_out: leftOut } = await runJson('--preview');
    expect(leftOut.map(({ reason, rows }) => [reason, rows])).toEqual(
      expect.arrayContaining([
        ['no_host_name', 3],
        ['invalid_host_name', 1],
        ['invalid_scope', 2],
        ['in_future', 2],
        ['before_1970', 1],
      ]),
    );
  });

  test('are reports about an engine that accepts them from another broker user only', async () => {
    await database.owner.query(`INSERT INTO engine (fqdn, broker_user) VALUES ($1, 'engine1')`, [
      FQDN,
    ]);
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
    expect(await runJson()).toMatchObject({
      reports: [],
      left_out: [{ reason: 'other_broker_user', rows: 1 }],
    });
  });

  test('are engines beyond the number that reports may register', async () => {
    await database.owner.query(
      `UPDATE vdc_options SET option_value = '1' WHERE option_name = 'EngineRegistrationMax'`,
    );
    for (const fqdn of ['a.example.com', 'b.example.com'])
      for (const scope of ['db', 'files'])
        await ovirt.addSuccess({ fqdn, scope, doneAt: `clock_timestamp() - interval '1 hour'` });
    const { reports, left_out: leftOut } = await runJson();
    expect(reports.map(({ fqdn }) => fqdn)).toEqual(['a.example.com', 'a.example.com']);
    expect(leftOut).toMatchObject([{ reason: 'too_many_engines', rows: 2 }]);
    expect((await run()).stdout).toContain('reports may register no more');
  });
});

describe('settings', () => {
  const set = (name: string, value: string) =>
    ovirt.query('UPDATE vdc_options SET option_value = $2 WHERE option_name = $1', [name, value]);

  test('that differ are changed like any setting; others stay', async () => {
    await set('BackupAlertPeriodInDays', '7');
    await set('BackupCheckPeriodInHours', '6.0');
    const { stdout } = await run('--by', 'carol');
    expect(stdout).toContain('BackupCheckPeriodInHours is 6 in oVirt, too.\n');
    expect(stdout).toContain('BackupAlertPeriodInDays set to 7 (was 1).\n');
    expect(await settings()).toEqual({
      BackupCheckPeriodInHours: '6',
      BackupAlertPeriodInDays: '7',
    });
    expect(await changesOfSettings()).toEqual([
      { who: 'carol', what: 'BackupAlertPeriodInDays', from: '1', to: '7' },
    ]);
  });

  test('with a value that we refuse, or without one, stay as they are', async () => {
    await set('BackupAlertPeriodInDays', '0');
    await ovirt.query(`DELETE FROM vdc_options WHERE option_name = 'BackupCheckPeriodInHours'`);
    await ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
    const { exitCode, stdout } = await run();
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'BackupAlertPeriodInDays stays 1: expected a plain decimal number of days above 0, at most 3650, got "0" in oVirt.\n',
    );
    expect(stdout).toContain('BackupCheckPeriodInHours stays 6: oVirt has no value for it.\n');
    expect(await changesOfSettings()).toEqual([]);
    expect(await stored()).toHaveLength(1);
  });

  test('that disable the feature say so', async () => {
    await set('BackupCheckPeriodInHours', '-1');
    expect((await run('--preview')).stdout).toContain(
      'BackupCheckPeriodInHours would be set to -1 (was 6). This disables the feature',
    );
  });
});

test('--preview shows all that an import would do, and changes nothing', async () => {
  await ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
  await ovirt.query(
    `UPDATE vdc_options SET option_value = '3' WHERE option_name = 'BackupAlertPeriodInDays'`,
  );
  const before = ingest.received.length;
  const { stdout } = await runCommand(['import', '--from-ovirt', ovirt.readerUrl, '--preview'], {
    DATABASE_URL: database.urls.reader,
  });
  expect(stdout).toContain('this would import 1 report.');
  expect(stdout).toContain(
    'BackupAlertPeriodInDays would be set to 3 (was 1).\nNothing was changed.\n',
  );
  expect(await runJson('--preview')).toMatchObject({ stored: null, reports: [{ fqdn: FQDN }] });
  expect(ingest.received).toHaveLength(before);
  expect(await changesOfSettings()).toEqual([]);
});

test('oVirt’s database is read in a read-only transaction', async () => {
  await ovirt.query(`
    ALTER TABLE vdc_options RENAME TO options;
    CREATE VIEW vdc_options AS SELECT 1 AS option_id, 'BackupAlertPeriodInDays'::varchar AS option_name,
      (CASE current_setting('transaction_read_only') WHEN 'on' THEN '4' ELSE '5' END)::varchar AS option_value, 'general'::varchar AS version;
    GRANT SELECT ON vdc_options TO PUBLIC`);
  try {
    expect((await runJson('--preview')).settings).toContainEqual(
      expect.objectContaining({ name: 'BackupAlertPeriodInDays', to: '4' }),
    );
  } finally {
    await ovirt.query('DROP VIEW vdc_options; ALTER TABLE options RENAME TO vdc_options');
  }
});

test('the tables of oVirt 4.4 are read like those of 4.5', async () => {
  const older = await createOvirtDatabase('4.4');
  try {
    await older.reset();
    await older.addSuccess({ fqdn: FQDN, scope: 'db' });
    const { stdout } = await runCommand(
      ['import', '--from-ovirt', older.readerUrl, '--preview', '--json'],
      environment(),
    );
    expect(JSON.parse(stdout)).toMatchObject({
      reports: [{ fqdn: FQDN, scope: 'db' }],
      settings: [{ outcome: 'unchanged' }, { outcome: 'unchanged' }],
    });
  } finally {
    await older.drop();
  }
});

describe('the source', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'import-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('can be named by a variable, or by a file that holds it', async () => {
    const file = join(folder, 'url');
    writeFileSync(file, `${ovirt.readerUrl}\n`);
    const variables: Record<string, string>[] = [
      { OVIRT_DATABASE_URL: ovirt.readerUrl },
      { OVIRT_DATABASE_URL_FILE: file },
    ];
    for (const variable of variables) {
      const { exitCode, stdout } = await runCommand(
        ['import', '--from-ovirt', '--preview', '--json'],
        { ...environment(), ...variable },
      );
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ preview: true, rows: 0 });
    }
  });

  const refused = async (args: readonly string[], exitCode: number, message: string) => {
    const ended = await runCommand(['import', ...args], environment());
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toMatch(/^backup-awareness: [^\n]*\n$/);
    expect(ended).toMatchObject({ exitCode, stdout: '' });
    return ended.stderr;
  };

  test('must be given', async () => {
    await refused([], 2, 'expected --from-ovirt DATABASE_URL, got no source');
    await refused(['--from-ovirt'], 2, 'OVIRT_DATABASE_URL_FILE, got no URL');
    await refused(['--from-ovirt', 'mysql://u:secret@h/d'], 2, '--from-ovirt: expected a URL that');
  });

  test('never has its password in an error', async () => {
    const wrong = new URL(ovirt.readerUrl);
    wrong.password = 'a%40secret';
    const absent = new URL(wrong);
    absent.port = '1';
    for (const [url, exitCode, message] of [
      [wrong.href, 3, 'cannot reach the database'],
      [absent.href, 3, 'ECONNREFUSED'],
      ['postgres//u:secret@h/d', 2, 'expected a URL'],
      ['postgres://u:12#secret@h/d', 2, '# as %23'],
      ['postgres://u:12/secret@h/d', 2, '/ as %2F'],
    ] as const)
      expect(await refused(['--from-ovirt', url], exitCode, message)).not.toMatch(/secret|12[#/]/);
  });

  test('must be an oVirt engine’s database, not ours, and readable', async () => {
    const at = (url: string) => ['--from-ovirt', url];
    await refused(at(database.ownerUrl), 2, 'which is that of Backup Awareness');
    const other = new URL(ovirt.ownerUrl);
    other.pathname = '/postgres';
    await refused(at(other.href), 2, 'which has no table public.engine_backup_log');
    await ovirt.query('ALTER TABLE engine_backup_log ALTER done_at TYPE timestamp');
    await refused(
      at(ovirt.readerUrl),
      2,
      'done_at is timestamp without time zone instead of timestamp with time zone',
    );
    await ovirt.query('ALTER TABLE engine_backup_log ALTER done_at TYPE timestamptz');
    const role = new URL(ovirt.readerUrl).username;
    await ovirt.query(`REVOKE ALL ON engine_backup_log FROM ${role}`);
    await refused(at(ovirt.readerUrl), 2, 'GRANT SELECT ON engine_backup_log, vdc_options');
    await ovirt.query(`GRANT SELECT ON engine_backup_log TO ${role}`);
  });
});

test('while the broker is away nothing is changed', async () => {
  await ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
  await ovirt.query(
    `UPDATE vdc_options SET option_value = '3' WHERE option_name = 'BackupAlertPeriodInDays'`,
  );
  const away = new URL(broker.amqpUrl);
  away.port = '1';
  const { exitCode, stderr } = await runCommand(['import', '--from-ovirt', ovirt.readerUrl], {
    ...environment(),
    AMQP_URL: away.href,
  });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('cannot reach the broker');
  expect(await changesOfSettings()).toEqual([]);
});

test('a broker user that may not report is told, and stored is nothing', async () => {
  await ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
  const { exitCode, stderr } = await runCommand(['import', '--from-ovirt', ovirt.readerUrl], {
    ...environment(),
    AMQP_URL: broker.urlOf('monitor'),
  });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/0 of 1 reports are published; run it again.*ACCESS_REFUSED/);
  expect(await stored()).toEqual([]);
});

test('while ingest does not run, the reports are safe in its queue', async () => {
  await ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
  await ingest.stop();
  const { exitCode, stdout } = await run();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('1 of them is not stored yet, but confirmed by the broker');
  ingest = await storeReports(broker, database);
  await eventually(async () => expect(await stored()).toHaveLength(1));
});
