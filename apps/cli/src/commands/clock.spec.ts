import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { runCommand } from '../spec/run-command.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const run = (...args: string[]) => runCommand(args, { DATABASE_URL: database.ownerUrl });
const accept = (...args: string[]) => run('clock', 'accept', '--by', 'ann', ...args);

test('check, status and explain report a clock that was set back until it is accepted', async () => {
  await database.owner.query(
    `UPDATE checker_state SET last_check_at = now(), latest_now_at = now() + interval '36 hours'`,
  );
  await database.owner.query(
    `INSERT INTO engine_backup_log
       (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
     SELECT 'a.example.com', gen_random_uuid()::text, scope, at, true, '', '', at, at
     FROM unnest('{db,files}'::text[]) AS scope, (SELECT now() + interval '20 hours' AS at) future`,
  );
  await database.owner.query(`INSERT INTO engine (fqdn) VALUES ('a.example.com')`);
  for (const command of [['check'], ['status'], ['explain', 'a.example.com']])
    expect((await run(...command)).stdout).toContain('behind the latest decision');
  expect((await run('check')).exitCode).toBe(3);
  expect(JSON.parse((await run('status', '--json')).stdout)).toMatchObject({
    checks: 'clock_behind',
    engines: [{ fqdn: 'a.example.com', verdict: 'unknown' }],
  });

  await database.owner.query('UPDATE checker_state SET latest_now_at = now()');
  const { exitCode, stdout } = await run('check');
  expect(stdout).toContain('1 unknown, with a success in the future: a.example.com');
  expect(exitCode).toBe(3);

  expect((await accept()).exitCode).toBe(2);
  expect((await accept('--comment', ' ')).exitCode).toBe(2);
  expect((await accept('--comment', 'the time server was wrong')).stdout).toContain(
    '2 successes in its future no longer count',
  );
  expect((await run('check')).stdout).toContain('no full backup');
  const events = await database.owner.query(`SELECT data FROM outbox WHERE name = 'ClockAccepted'`);
  expect(events).toMatchObject([
    { data: { who: 'ann', comment: 'the time server was wrong', discounted: 2 } },
  ]);

  const again = await accept('--comment', 'once more');
  expect(again).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('not in doubt') });
  expect(await database.owner.query('SELECT * FROM outbox')).toHaveLength(1);
});
