import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../spec/run-command.js';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'engines-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await database?.drop();
});
beforeEach(() =>
  database.owner.query(
    'TRUNCATE engine, engine_backup_log, alert, engine_alert_state; DELETE FROM outbox',
  ),
);

const run = (...args: string[]) =>
  runCommand(['engines', ...args], { DATABASE_URL: database.ownerUrl });

function fileOf(text: string): string {
  const file = join(folder, 'list.txt');
  writeFileSync(file, text);
  return file;
}

const monitored = async (): Promise<string[]> =>
  (await database.owner.query('SELECT fqdn FROM engine WHERE retired_at IS NULL ORDER BY 1')).map(
    ({ fqdn }: { fqdn: string }) => fqdn,
  );

const countEvents = () =>
  database.owner.query(
    'SELECT name, count(*)::int AS count FROM outbox GROUP BY name ORDER BY name',
  );

describe('engines add with several names', () => {
  test('adds them all, with an alert period of their own', async () => {
    const added = await run('add', 'a.example.com', 'B.example.com.', '--alert-period-days', '7');
    expect(added).toMatchObject({
      exitCode: 0,
      stdout: 'Added 2 engines:\n  a.example.com\n  b.example.com\n',
    });
    const rows = await database.owner.query(
      'SELECT fqdn, alert_period_days::int AS days FROM engine ORDER BY fqdn',
    );
    expect(rows).toEqual([
      { fqdn: 'a.example.com', days: 7 },
      { fqdn: 'b.example.com', days: 7 },
    ]);
  });

  test('or one, says that an engine which is already monitored keeps its alert period', async () => {
    await run('add', 'a.example.com', '--alert-period-days', '2');
    const { stdout } = await run('add', 'a.example.com', '--alert-period-days', '7');
    expect(stdout).toContain(
      'Its alert period is unchanged: change it with engines set a.example.com --alert-period-days 7.',
    );
    expect((await run('add', 'a.example.com', 'b.example.com')).stdout).toContain(
      '1 engine is already monitored, and keeps its alert period.',
    );
  });
});

describe('engines import', () => {
  test('adds the engines of a list, counts those that are monitored, and resumes retired ones', async () => {
    await run('add', 'known.example.com', 'retired.example.com');
    await run('retire', 'retired.example.com');
    await database.owner.query(
      `UPDATE engine SET broker_user = 'engine1' WHERE fqdn = 'retired.example.com'`,
    );
    await database.owner.query('DELETE FROM outbox');
    const file = fileOf('# our engines\nnew.example.com\nKnown.example.com\nretired.example.com\n');
    const preview = await run('import', file, '--preview');
    expect(preview.stdout).toBe(
      [
        'This would add 1 engine:',
        '  new.example.com',
        'This would resume the monitoring of 1 engine, with its history:',
        '  retired.example.com',
        '1 engine is already monitored, and keeps its alert period.',
        'Reports about these engines are accepted only from a broker user that was removed when they were retired: create it with engines add FQDN --broker-user, or use engines set FQDN --no-broker-user:',
        '  retired.example.com',
        'Nothing was changed.\n',
      ].join('\n'),
    );
    expect(await countEvents()).toEqual([]);
    const { stdout } = await run('import', file, '--alert-period-days', '3', '--json');
    expect(JSON.parse(stdout)).toEqual({
      preview: false,
      added: ['new.example.com'],
      revived: ['retired.example.com'],
      already_monitored: ['known.example.com'],
      without_broker_user: ['retired.example.com'],
    });
    expect(await monitored()).toHaveLength(3);
    expect(await countEvents()).toEqual([
      { name: 'EngineAdded', count: 2 },
      { name: 'SettingChanged', count: 2 },
    ]);
  });

  test('reads standard input for -', async () => {
    const environment = { DATABASE_URL: database.ownerUrl };
    const list = 'a.example.com\nb.example.com';
    await runCommand(['engines', 'import', '-'], environment, undefined, list);
    expect(await monitored()).toEqual(['a.example.com', 'b.example.com']);
  });

  test('adds ten thousand', async () => {
    const names = Array.from({ length: 10_000 }, (_, i) => `engine-${String(i).padStart(5, '0')}`);
    const { exitCode, stdout, stderr } = await run('import', fileOf(names.join('\n')));
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Added 10000 engines:\n  engine-00000\n/);
    expect(stdout).toContain('  and 9980 more (--json shows all)\n');
    expect(await monitored()).toEqual(names);
    expect(await countEvents()).toEqual([{ name: 'EngineAdded', count: 10_000 }]);
    const list = await run('list', '--limit', '2');
    expect(list.stdout).toMatch(
      /\n\n10000 engines: 10000 without a full backup\.\nOnly the worst 2 are shown/,
    );
  });

  test.each([
    ['two words\ngood.example.com\n-\nb_d', 'as 3 lines are not host names'],
    ['# nothing', 'expected host names, one on a line, got none'],
  ])('of the list %j changes nothing', async (text, message) => {
    const { exitCode, stdout, stderr } = await run('import', fileOf(text));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^backup-awareness: [^\n]*\n$/);
    expect(await monitored()).toEqual([]);
  });

  test('of a file that is not there says so', async () => {
    const { exitCode, stderr } = await run('import', join(folder, 'absent'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('cannot read the list of engines: ENOENT');
  });
});

test('engines list has the worst first and retired ones last, in text and JSON, and says how many of each', async () => {
  await database.owner.query(`
    INSERT INTO engine (fqdn, watched_since) SELECT name, now() - since::interval
    FROM (VALUES ('a-fresh', '9 days'), ('b-old', '9 days'), ('c-none', '1 day'), ('d-none-for-long', '8 days'), ('e-turns-soon', '9 days'),
      ('f-retired', '9 days')) engine (name, since);
    UPDATE engine SET retired_at = now() WHERE fqdn = 'f-retired';
    INSERT INTO engine_backup_log (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
    SELECT name, name || scope, scope, at, true, '', '', at, at
    FROM (VALUES ('a-fresh', 1), ('b-old', 30), ('e-turns-soon', 20)) backup (name, hours), unnest(ARRAY['db', 'files']) scope,
      LATERAL (SELECT now() - hours * interval '1 hour' AS at) dated`);
  const order = ['d-none-for-long', 'c-none', 'b-old', 'e-turns-soon', 'a-fresh', 'f-retired'];
  const namesOf = (json: string) =>
    (JSON.parse(json) as { fqdn: string }[]).map(({ fqdn }) => fqdn);
  expect(namesOf((await run('list', '--json')).stdout)).toEqual(order);
  expect(namesOf((await run('list', '--json', '--limit', '2')).stdout)).toEqual(order.slice(0, 2));
  const { stdout } = await run('list');
  const rows = stdout.split('\n').slice(1, 7);
  expect(rows.map((row) => row.split(' ')[0])).toEqual(order);
  expect(rows[2]).toMatch(/ too old for 6 h /);
  expect(stdout).toContain(
    '\n\n6 engines: 2 without a full backup, 1 too old, 2 fresh, 1 retired.\n',
  );
});
