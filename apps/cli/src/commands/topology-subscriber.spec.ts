import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { runCommand } from '../spec/run-command.js';

let broker: TestBroker;
let folder: string;
beforeAll(async () => {
  broker = await createTestBroker();
  folder = mkdtempSync(join(tmpdir(), 'subscriber-'));
});
afterAll(async () => {
  // Users belong to the whole broker; some are already gone.
  for (const name of names) await run('remove', name);
  await broker?.drop();
  rmSync(folder, { recursive: true });
});

const names: string[] = [];
function newName(): string {
  const name = `component-${randomUUID()}`;
  names.push(name);
  return name;
}
const newFile = () => join(folder, randomUUID());
const environment = () => ({
  AMQP_URL: broker.amqpUrl,
  AMQP_MANAGEMENT_URL: broker.managementUrl,
});
const run = (...args: string[]) => runCommand(['topology', 'subscriber', ...args], environment());

async function isLetIn(name: string, passwordFile: string): Promise<boolean> {
  const url = new URL(broker.amqpUrl);
  url.username = `subscriber.${name}`;
  url.password = readFileSync(passwordFile, 'utf8').trim();
  const connection = await connect(url.href).catch(() => undefined);
  await connection?.close();
  return connection !== undefined;
}

describe('topology subscriber', () => {
  it('adds a user, with its password in a file that only its owner can read, and tells how to subscribe', async () => {
    const [name, file] = [newName(), newFile()];
    const { exitCode, stdout } = await run('add', name, '--password-file', file);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `Created the broker user subscriber.${name}; its password is in ${file}.`,
    );
    expect(stdout).toContain(`amqp://subscriber.${name}:PASSWORD@`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain(readFileSync(file, 'utf8').trim());
    expect(await isLetIn(name, file)).toBe(true);
  });

  it('gives a user that exists a new password, and removes it', async () => {
    const [name, first, second] = [newName(), newFile(), newFile()];
    await run('add', name, '--password-file', first);
    const { stdout } = await run('add', name, '--password-file', second, '--json');
    expect(JSON.parse(stdout)).toEqual({
      name,
      user: `subscriber.${name}`,
      queue: `subscriber.${name}`,
      outcome: 'renewed',
      password_file: second,
    });
    expect([await isLetIn(name, first), await isLetIn(name, second)]).toEqual([false, true]);
    expect(await run('remove', name)).toMatchObject({ exitCode: 0 });
    expect(await isLetIn(name, second)).toBe(false);
    expect(await run('remove', name)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(`there is no broker user subscriber.${name}`),
    });
  });

  it('refuses an existing file, which stays, and then creates no user', async () => {
    const [name, file] = [newName(), newFile()];
    writeFileSync(file, 'mine');
    expect(await run('add', name, '--password-file', file)).toMatchObject({ exitCode: 2 });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(await run('remove', name)).toMatchObject({ exitCode: 2 });
  });

  it('refuses an invalid name, and leaves no file', async () => {
    const file = newFile();
    expect(await run('add', 'a b', '--password-file', file)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('NAME: expected a name of 1 to 64 letters'),
    });
    expect(existsSync(file)).toBe(false);
  });

  it('says which commands it has', async () => {
    expect(await run()).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('valid commands: add, remove'),
    });
  });
});
