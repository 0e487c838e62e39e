import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { runCommand, startCommand } from '../spec/run-command.js';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database?.drop());

const run = (...args: string[]) => runCommand(args, { DATABASE_URL: database.ownerUrl });

interface Entry {
  readonly message: string;
  readonly fqdn?: string;
  readonly ago?: string;
  readonly severity?: number;
}

let lastId = 0;
async function record({ message, fqdn, ago = '0 seconds', severity = 0 }: Entry): Promise<void> {
  await database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, event_id, event_name, custom_data)
     VALUES (now() - $1::interval, 'ENGINE_BACKUP_FAILED', 9026, $2, $3, '/test', $4, $5, 'ENGINE_BACKUP_FAILED', '{}')`,
    [ago, severity, message, fqdn ?? null, `event-${++lastId}`],
  );
}

test('entries are shown oldest first, with their severity in words', async () => {
  await record({ message: 'first', fqdn: 'a.example.com', severity: 2 });
  await record({ message: 'second\x1b[2J\nline', severity: 10 });
  const { exitCode, stdout } = await run('audit');
  expect(exitCode).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  expect(lines[0]).toMatch(/^TIME +SEVERITY +TYPE +ENGINE +MESSAGE$/);
  expect(lines[1]).toMatch(/ error +ENGINE_BACKUP_FAILED +a\.example\.com +first$/);
  expect(lines[2]).toMatch(/ alert +ENGINE_BACKUP_FAILED +- +second\\x1b\[2J\\nline$/);
  expect(lines).toHaveLength(3);
});

test('entries are selected by age, engine and count', async () => {
  await record({ message: 'old', fqdn: 'a.example.com', ago: '3 days' });
  await record({ message: 'new', fqdn: 'a.example.com' });
  await record({ message: 'other', fqdn: 'b.example.com' });
  const messages = async (...args: string[]) =>
    JSON.parse((await run('audit', '--json', ...args)).stdout).map((row: Entry) => row.message);
  expect(await messages()).toEqual(['old', 'new', 'other']);
  expect(await messages('--since', '2h')).toEqual(['new', 'other']);
  expect(await messages('--since', '4d', '--fqdn', 'A.example.com')).toEqual(['old', 'new']);
  expect(await messages('--since', '2999-01-01T00:00:00Z')).toEqual([]);
  expect(await messages('--limit', '1')).toEqual(['other']);
  expect((await run('audit', '--limit', '2')).stdout).toMatch(/^Only the newest 2 are shown/);
});

test.each([
  ['--since', 'yesterday', '--since: expected a date and time'],
  ['--limit', '0', '--limit: expected a whole number from 1'],
  ['--limit', '1e3', '--limit: expected a whole number from 1'],
  ['--fqdn', 'a b', '--fqdn: expected a host name'],
])('%s %s is refused', async (option, value, message) => {
  const { exitCode, stderr } = await run('audit', option, value);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});

test('--follow keeps showing new entries, one JSON object per line', async () => {
  await record({ message: 'before' });
  const child = startCommand(['audit', '--follow', '--json'], { DATABASE_URL: database.ownerUrl });
  const lines: string[] = [];
  child.stdout
    .setEncoding('utf8')
    .on('data', (text: string) => lines.push(...text.trimEnd().split('\n')));
  const shown = async (count: number) => {
    while (lines.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
    return lines.map((line) => (JSON.parse(line) as Entry).message);
  };
  expect(await shown(1)).toEqual(['before']);
  await record({ message: 'during' });
  expect(await shown(2)).toEqual(['before', 'during']);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

test('it ends quietly when its reader stops reading', async () => {
  await database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
     SELECT now(), 'ENGINE_BACKUP_COMPLETED', 9025, 0, repeat('x', 900), '/test', 'many-' || i, 'ENGINE_BACKUP_COMPLETED', '{}'
     FROM generate_series(1, 2000) i`,
  );
  const child = startCommand(['audit', '--limit', '2000'], { DATABASE_URL: database.ownerUrl });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.once('data', () => child.stdout.destroy());
  const exitCode = await new Promise((resolve) => child.on('exit', resolve));
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
