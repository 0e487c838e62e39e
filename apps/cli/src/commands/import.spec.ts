import { runCommand } from '../spec/run-command.js';
import { useImport } from '../spec/use-import.js';

const FQDN = 'engine.example.com';

const world = useImport();
const { run, runJson, stored, changesOfSettings } = world;

const settings = async (): Promise<Record<string, string>> =>
  Object.fromEntries(
    (
      await world.database.owner.query(
        `SELECT option_name AS name, option_value AS value FROM vdc_options WHERE option_name IN ('BackupCheckPeriodInHours', 'BackupAlertPeriodInDays')`,
      )
    ).map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

describe('the last successes', () => {
  test('of each engine and scope are reported, and count from the time that oVirt recorded', async () => {
    for (const scope of ['db', 'files', 'grafanadb']) {
      await world.ovirt.addSuccess({ fqdn: FQDN, scope, doneAt: `now() - interval '26 hours'` });
      await world.ovirt.addSuccess({ fqdn: FQDN, scope });
    }
    await world.ovirt.addSuccess({
      fqdn: 'other.example.com',
      scope: 'db',
      doneAt: `now() - interval '2 hours'`,
    });
    await world.ovirt.query(
      `INSERT INTO engine_backup_log VALUES ('db', now(), false, 'disk full', $1, NULL), ('files', now(), NULL, NULL, $1, NULL)`,
      [FQDN],
    );
    const { exitCode, stdout, stderr } = await run();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain("oVirt's table has 9 rows, of which 7 are successes.\n");
    expect(stdout).toContain('each engine and scope: imported 4 reports.\n');
    expect(stdout).toMatch(/\nengine\.example\.com +db +\d/);
    const user = decodeURIComponent(new URL(world.broker.amqpUrl).username);
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
    const [age] = await world.database.owner.query(
      `SELECT round(extract(epoch FROM now() - counted_at) / 3600)::int AS hours FROM engine_last_success WHERE fqdn = $1 AND scope = 'db'`,
      [FQDN],
    );
    expect(age).toEqual({ hours: 1 });
  });

  test('are imported once, however often the command runs; a later success follows', async () => {
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db', doneAt: `now() - interval '2 hours'` });
    expect((await runJson()).reports).toHaveLength(1);
    expect(await runJson()).toMatchObject({ reports: [], already_known: 1 });
    expect((await run()).stdout).toContain(
      'There is nothing to import from it.\n1 last success is known already, or a later one is.\n',
    );
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
    expect((await runJson()).reports).toHaveLength(1);
    expect(await stored()).toHaveLength(2);
  });

  test('of one engine under several spellings are its last', async () => {
    await world.ovirt.addSuccess({ fqdn: 'Engine.Example.COM', scope: 'db' });
    await world.ovirt.addSuccess({
      fqdn: `${FQDN}.`,
      scope: 'db',
      doneAt: `now() - interval '2 hours'`,
    });
    const { reports, successes } = await runJson('--preview');
    expect({ successes, reports }).toMatchObject({ successes: 2, reports: [{ fqdn: FQDN }] });
    const [{ at }] = (await world.ovirt.query(
      `SELECT to_char(max(done_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at FROM engine_backup_log`,
    )) as [{ at: string }];
    expect(reports[0]?.done_at).toBe(at);
  });

  test('of 50,000 rows are found', async () => {
    await world.ovirt.query(
      `INSERT INTO engine_backup_log SELECT (ARRAY['db', 'files'])[1 + i % 2], now() - i * interval '1 minute', i % 7 <> 0,
         repeat('x', 200), 'engine-' || i % 40 || '.example.com', '/var/log' FROM generate_series(1, 50000) i`,
    );
    const { rows, reports, stored: count } = await runJson();
    expect({ rows, count }).toEqual({ rows: 50_000, count: 40 });
    expect(reports).toHaveLength(40);
    const [expected] = await world.ovirt.query(
      `SELECT count(*)::int AS engines, min(done_at) AS first FROM (SELECT max(done_at) AS done_at FROM engine_backup_log WHERE is_passed GROUP BY fqdn, scope) last`,
    );
    const [imported] = await world.database.owner.query(
      'SELECT count(*)::int AS engines, min(counted_at) AS first FROM engine_last_success',
    );
    expect(imported).toEqual(expected);
  });

  test('of a retired engine are stored, and do not resume its monitoring', async () => {
    await world.database.owner.query('INSERT INTO engine (fqdn, retired_at) VALUES ($1, now())', [
      FQDN,
    ]);
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
    expect(await runJson()).toMatchObject({ stored: 1, retired: [FQDN] });
    expect((await run('--preview')).exitCode).toBe(0);
    const [engine] = await world.database.owner.query('SELECT retired_at FROM engine');
    expect(engine.retired_at).not.toBeNull();
  });
});

describe('what cannot be imported', () => {
  test('is told by number and example, and the rest is imported', async () => {
    await world.ovirt.addSuccess({ fqdn: null, scope: 'db' });
    await world.ovirt.addSuccess({ fqdn: null, scope: 'db', doneAt: `now() - interval '2 days'` });
    await world.ovirt.addSuccess({ fqdn: '', scope: 'files' });
    await world.ovirt.addSuccess({ fqdn: 'my engine\u001b[31m', scope: 'dwhdb' });
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'all' });
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'Bad Scope' });
    await world.ovirt.addSuccess({
      fqdn: FQDN,
      scope: 'files',
      doneAt: `now() + interval '1 day'`,
    });
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'files', doneAt: `'infinity'` });
    await world.ovirt.addSuccess({
      fqdn: FQDN,
      scope: 'files',
      doneAt: `now() - interval '3 hours'`,
    });
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'keycloak', doneAt: `'-infinity'` });
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
    await world.database.owner.query(
      `INSERT INTO engine (fqdn, broker_user) VALUES ($1, 'engine1')`,
      [FQDN],
    );
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
    expect(await runJson()).toMatchObject({
      reports: [],
      left_out: [{ reason: 'other_broker_user', rows: 1 }],
    });
  });

  test('are engines beyond the number that reports may register', async () => {
    await world.database.owner.query(
      `UPDATE vdc_options SET option_value = '1' WHERE option_name = 'EngineRegistrationMax'`,
    );
    for (const fqdn of ['a.example.com', 'b.example.com'])
      for (const scope of ['db', 'files'])
        await world.ovirt.addSuccess({
          fqdn,
          scope,
          doneAt: `clock_timestamp() - interval '1 hour'`,
        });
    const { reports, left_out: leftOut } = await runJson();
    expect(reports.map(({ fqdn }) => fqdn)).toEqual(['a.example.com', 'a.example.com']);
    expect(leftOut).toMatchObject([{ reason: 'too_many_engines', rows: 2 }]);
    expect((await run()).stdout).toContain('reports may register no more');
  });
});

describe('settings', () => {
  const set = (name: string, value: string) =>
    world.ovirt.query('UPDATE vdc_options SET option_value = $2 WHERE option_name = $1', [
      name,
      value,
    ]);

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
    await world.ovirt.query(
      `DELETE FROM vdc_options WHERE option_name = 'BackupCheckPeriodInHours'`,
    );
    await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
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
  await world.ovirt.addSuccess({ fqdn: FQDN, scope: 'db' });
  await world.ovirt.query(
    `UPDATE vdc_options SET option_value = '3' WHERE option_name = 'BackupAlertPeriodInDays'`,
  );
  const before = world.ingest.received.length;
  const { stdout } = await runCommand(
    ['import', '--from-ovirt', world.ovirt.readerUrl, '--preview'],
    {
      DATABASE_URL: world.database.urls.reader,
    },
  );
  expect(stdout).toContain('this would import 1 report.');
  expect(stdout).toContain(
    'BackupAlertPeriodInDays would be set to 3 (was 1).\nNothing was changed.\n',
  );
  expect(await runJson('--preview')).toMatchObject({ stored: null, reports: [{ fqdn: FQDN }] });
  expect(world.ingest.received).toHaveLength(before);
  expect(await changesOfSettings()).toEqual([]);
});
