import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import { logReports } from '@backup-awareness/database';
import { runCommand } from '../spec/run-command.js';

const FQDN = 'engine.example.com';
const COMMANDS = [
  ['status', '--json'],
  ['explain', FQDN, '--json'],
  ['engines', 'list', '--json'],
  ['audit', '--json'],
  ['config', '-a', '--json'],
];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const doneAt = '2026-01-01T10:00:00.123Z';
  await logReports(database.owner, [
    exampleReport({ scope: 'db', doneAt }),
    exampleReport({ scope: 'files', doneAt }),
  ]);
  await database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
     VALUES ('2026-01-01T10:00:00.123456Z', 'x', 0, 0, 'back\\slash', 'o', 'i', 'x', '{}')`,
  );
});
afterAll(() => database?.drop());

/** The output of a command, without the present time and ages. */
async function outputOf(args: readonly string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runCommand(args, { DATABASE_URL: database.ownerUrl });
  const fixed = (key: string, value: unknown) =>
    /^(now|.*age.*|.*_ms|.*seconds)$/i.test(key) ? null : value;
  return { exitCode, stderr, document: stdout === '' ? null : JSON.parse(stdout, fixed) };
}

test.each(COMMANDS)('%s prints the same, whatever the database presets', async (...args) => {
  const name = new URL(database.ownerUrl).pathname.slice(1);
  const expected = await outputOf(args);
  expect(expected).toMatchObject({ stderr: '', document: expect.anything() });
  const presets = [
    `search_path = 'elsewhere'`,
    `DateStyle = 'German, DMY'`,
    `IntervalStyle = 'iso_8601'`,
    `TimeZone = 'America/St_Johns'`,
    `extra_float_digits = -15`,
    `standard_conforming_strings = off`,
    `bytea_output = 'escape'`,
    `default_transaction_isolation = 'serializable'`,
  ];
  try {
    for (const preset of presets)
      await database.owner.query(`ALTER DATABASE ${name} SET ${preset}`);
    expect(await outputOf(args)).toEqual(expected);
  } finally {
    await database.owner.query(`ALTER DATABASE ${name} RESET ALL`);
  }
});
