import { createOvirtDatabase, eventually } from '@backup-awareness/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../spec/run-command.js';
import { storeReports } from '../spec/store-reports.js';
import { useImport } from '../spec/use-import.js';

const FQDN = 'engine.example.com';

const world = useImport();
const { run, runJson, stored, changesOfSettings } = world;

test('oVirt’s database is read in a read-only transaction', async () => {
  await world.ovirt.query(`
    ALTER TABLE vdc_options RENAME TO options;
    CREATE VIEW vdc_options AS SELECT 1 AS option_id, 'BackupAlertPeriodInDays'::varchar AS option_name,
      (CASE current_setting('transaction_read_only') WHEN 'on' THEN '4' ELSE '5' END)::varchar AS option_value, 'general'::varchar AS version;
    GRANT SELECT ON vdc_options TO PUBLIC`);
  try {
    expect((await runJson('--preview')).settings).toContainEqual(
      expect.objectContaining({ name: 'BackupAlertPeriodInDays', to: '4' }),
    );
  } finally {
    await world.ovirt.query('DROP VIEW vdc_options; ALTER TABLE options RENAME TO vdc_options');
  }
});

test('the tables of oVirt 4.4 are read like those of 4.5', async () => {
  const older = await createOvirtDatabase('4.4');
  try {
    await older.reset();
    await older.addSuccess({ fqdn: FQDN, scope: 'db' });
    const { stdout } = await runCommand(
      ['import', '--from-ovirt', older.readerUrl, '--preview', '--json'],
      world.environment,
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
    writeFileSync(file, `${world.ovirt.readerUrl}\n`);
    const variables: Record<string, string>[] = [
      { OVIRT_DATABASE_URL: world.ovirt.readerUrl },
      { OVIRT_DATABASE_URL_FILE: file },
    ];
    for (const variable of variables) {
      const { exitCode, stdout } = await runCommand(
        ['import', '--from-ovirt', '--preview', '--json'],
        { ...world.environment, ...variable },
      );
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ preview: true, rows: 0 });
    }
  });

  const refused = async (args: readonly string[], exitCode: number, message: string) => {
    const ended = await runCommand(['import', ...args], world.environment);
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
    const wrong = new URL(world.ovirt.readerUrl);
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
    await refused(at(world.database.ownerUrl), 2, 'which is that of Backup Awareness');
    const other = new URL(world.ovirt.ownerUrl);
    other.pathname = '/postgres';
    await refused(at(other.href), 2, 'which has no table public.engine_backup_log');
    await world.ovirt.query('ALTER TABLE engine_backup_log ALTER done_at TYPE timestamp');
    await refused(
      at(world.ovirt.readerUrl),
      2,
      'done_at is timestamp without time zone instead of timestamp with time zone',
    );
    await world.ovirt.query('ALTER TABLE engine_backup_log ALTER done_at TYPE timestamptz');
    const role = new URL(world.ovirt.readerUrl).username;
    await world.ovirt.query(`REVOKE ALL ON engine_backup_log FROM ${role}`);
    await refused(at(world.ovirt.readerUrl), 2, 'GRANT SELECT ON engine_backup_log, vdc_options');
    await world.ovirt.query(`GRANT SELECT ON engine_backup_log TO ${role}`);
  });
});

test('while the broker is away nothing is changed', async () => {
  await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
  await world.ovirt.query(
    `UPDATE vdc_options SET option_value = '3' WHERE option_name = 'BackupAlertPeriodInDays'`,
  );
  const away = new URL(world.broker.amqpUrl);
  away.port = '1';
  const { exitCode, stderr } = await runCommand(['import', '--from-ovirt', world.ovirt.readerUrl], {
    ...world.environment,
    AMQP_URL: away.href,
  });
  expect(exitCode).toBe(3);
  expect(stderr).toContain('cannot reach the broker');
  expect(await changesOfSettings()).toEqual([]);
});

test('a broker user that may not report is told, and stored is nothing', async () => {
  await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
  const { exitCode, stderr } = await runCommand(['import', '--from-ovirt', world.ovirt.readerUrl], {
    ...world.environment,
    AMQP_URL: world.broker.urlOf('monitor'),
  });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/0 of 1 reports are published; run it again.*ACCESS_REFUSED/);
  expect(await stored()).toEqual([]);
});

test('while ingest does not run, the reports are safe in its queue', async () => {
  await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
  await world.ingest.stop();
  const { exitCode, stdout } = await run();
  expect(exitCode).toBe(0);
  expect(stdout).toContain('1 of them is not stored yet, but confirmed by the broker');
  world.ingest = await storeReports(world.broker, world.database);
  await eventually(async () => expect(await stored()).toHaveLength(1));
});
