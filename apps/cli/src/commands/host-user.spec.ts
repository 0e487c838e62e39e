import {
  createTestBroker,
  createTestDatabase,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../spec/run-command.js';

let broker: TestBroker;
let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  broker = await createTestBroker();
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'host-user-'));
});
afterAll(async () => {
  // Users belong to the whole broker; some are already gone.
  for (const name of users) await broker?.api('DELETE', `users/${name}`).catch(() => undefined);
  await broker?.drop();
  await database?.drop();
  rmSync(folder, { recursive: true });
});

const users: string[] = [];
function newUser(): string {
  const name = `host-${randomUUID()}`;
  users.push(name);
  return name;
}
const newFile = () => join(folder, randomUUID());
const environment = () => ({
  DATABASE_URL: database.ownerUrl,
  AMQP_URL: broker.amqpUrl,
  AMQP_MANAGEMENT_URL: broker.managementUrl,
});
const run = (...args: string[]) => runCommand(['engines', ...args], environment());
const add = (fqdn: string, user: string, file: string, ...more: string[]) =>
  run('add', fqdn, '--broker-user', user, '--password-file', file, ...more);

async function isLetIn(user: string, passwordFile: string): Promise<boolean> {
  const url = new URL(broker.amqpUrl);
  url.username = user;
  url.password = readFileSync(passwordFile, 'utf8').trim();
  const connection = await connect(url.href).catch(() => undefined);
  await connection?.close();
  return connection !== undefined;
}
async function brokerUserOf(fqdn: string): Promise<string | null | undefined> {
  const engines = JSON.parse((await run('list', '--json')).stdout) as Record<string, never>[];
  return engines.find((engine) => engine['fqdn'] === fqdn)?.['broker_user'];
}

describe('engines add --broker-user', () => {
  test('creates a user, with its password in a file that only its owner can read', async () => {
    const [user, file] = [newUser(), newFile()];
    const { exitCode, stdout, stderr } = await add('a.example.com', user, file);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const password = readFileSync(file, 'utf8').trim();
    expect(password).toMatch(/^[\w-]{32}$/);
    expect(stdout).not.toContain(password);
    const { host, pathname } = new URL(broker.amqpUrl);
    expect(stdout).toContain(
      `  engine-backup-shim install --fqdn a.example.com --broker-url amqp://${host}${pathname} --broker-user ${user} --broker-password-file ${file}\n`,
    );
    expect(await isLetIn(user, file)).toBe(true);
    expect(await brokerUserOf('a.example.com')).toBe(user);
    const events = await database.owner.query(
      `SELECT name, data->>'what' AS what, data->>'to' AS "to" FROM outbox WHERE source LIKE '%/a.example.com' ORDER BY id`,
    );
    expect(events).toEqual([
      { name: 'EngineAdded', what: 'engine', to: 'watched' },
      { name: 'SettingChanged', what: 'BrokerUser', to: user },
    ]);
  });

  test('gives a new password for the same name, and removes the first user for another name', async () => {
    const [first, second, files] = [newUser(), newUser(), [newFile(), newFile(), newFile()]];
    await add('b.example.com', first, files[0]!);
    const again = await add('b.example.com', first, files[1]!, '--json');
    expect(JSON.parse(again.stdout)).toEqual({
      outcome: 'already_watched',
      fqdn: 'b.example.com',
      watched_since: expect.any(String),
      broker_user: first,
      password_file: files[1],
    });
    expect(await isLetIn(first, files[0]!)).toBe(false);
    expect(await isLetIn(first, files[1]!)).toBe(true);
    await add('b.example.com', second, files[2]!);
    expect(await isLetIn(first, files[1]!)).toBe(false);
    expect(await isLetIn(second, files[2]!)).toBe(true);
    expect(await brokerUserOf('b.example.com')).toBe(second);
  });

  test('gives several engines one user, which keeps its password and is removed with the last of them', async () => {
    const [user, file] = [newUser(), newFile()];
    await add('c.example.com', user, file);
    for (const fqdn of ['d.example.com', 'e2.example.com']) {
      const { exitCode, stdout } = await run('add', fqdn, '--broker-user', user);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`${user} count. It keeps its password.`);
      expect(await brokerUserOf(fqdn)).toBe(user);
    }
    expect((await run('retire', 'd.example.com')).stdout).not.toContain('broker user');
    const { stdout } = await run('set', 'e2.example.com', '--no-broker-user');
    expect(stdout).toContain(`${user} stays, as another engine has it.`);
    expect(await isLetIn(user, file)).toBe(true);
    expect((await run('retire', 'c.example.com')).stdout).toContain(`${user} is removed.\n`);
    expect(await isLetIn(user, file)).toBe(false);
  });

  test('refuses an existing file, and leaves it unchanged', async () => {
    const file = newFile();
    writeFileSync(file, 'mine');
    const { exitCode, stderr } = await add('e.example.com', newUser(), file);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--password-file: cannot create a new file: EEXIST');
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await brokerUserOf('e.example.com')).toBeUndefined();
  });

  test.each([
    [['--broker-user', 'x'], 'expected --broker-user NAME together with --password-file FILE'],
    [['--password-file', 'x'], 'expected --broker-user NAME together with --password-file FILE'],
    [['--broker-user', 'a b', '--password-file', 'x'], '--broker-user: expected a name of 1 to 64'],
    [['--broker-user', 'ingest', '--password-file', 'NEW'], "got ingest, a service's broker user"],
  ])('%j is refused', async (args, message) => {
    const file = newFile();
    const filled = args.map((argument) => (argument === 'NEW' ? file : argument));
    const { exitCode, stderr } = await run('add', 'f.example.com', ...filled);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(file)).toBe(false);
    expect(await brokerUserOf('f.example.com')).toBeUndefined();
  });

  test('changes nothing and ends with 3 if the management API does not answer', async () => {
    const file = newFile();
    const AMQP_MANAGEMENT_URL = 'http://u:secret@127.0.0.1:1';
    const { exitCode, stdout, stderr } = await runCommand(
      ['engines', 'add', 'g.example.com', '--broker-user', newUser(), '--password-file', file],
      { ...environment(), AMQP_MANAGEMENT_URL },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^backup-awareness: the broker's management API at [^\n]*\n$/);
    expect(stderr).not.toContain('secret');
    expect(existsSync(file)).toBe(false);
    expect(await brokerUserOf('g.example.com')).toBeUndefined();
  });

  test('is refused if no management API is configured', async () => {
    const { DATABASE_URL, AMQP_URL } = environment();
    const args = ['engines', 'add', 'g.example.com', '--broker-user', 'x', '--password-file', 'x'];
    const { exitCode, stderr } = await runCommand(args, { DATABASE_URL, AMQP_URL });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('AMQP_MANAGEMENT_URL is not set');
  });
});

test('engines set --no-broker-user removes the user, and reports of any user count again', async () => {
  const [user, file] = [newUser(), newFile()];
  await add('h.example.com', user, file);
  const { exitCode, stdout } = await run('set', 'h.example.com', '--no-broker-user');
  expect({ exitCode, stdout }).toEqual({
    exitCode: 0,
    stdout: `Reports about h.example.com are now accepted from any broker user; ${user} is removed.\n`,
  });
  expect(await isLetIn(user, file)).toBe(false);
  expect(await brokerUserOf('h.example.com')).toBeNull();
  expect((await run('set', 'h.example.com', '--no-broker-user')).stdout).toContain(
    'has no broker user',
  );
});

test('engines retire removes the user, but the engine keeps its name', async () => {
  const [user, file, newOne] = [newUser(), newFile(), newFile()];
  await add('i.example.com', user, file);
  const { stdout } = await run('retire', 'i.example.com');
  expect(stdout).toContain(`Its broker user ${user} is removed.\n`);
  expect(await isLetIn(user, file)).toBe(false);
  expect(await brokerUserOf('i.example.com')).toBe(user);
  expect((await run('add', 'i.example.com')).stdout).toContain(
    'create it again with --broker-user',
  );
  await add('i.example.com', user, newOne);
  expect(await isLetIn(user, newOne)).toBe(true);
});
