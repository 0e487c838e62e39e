import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { isRunning } from '../../uncompiled/process-identity.mjs';
import {
  disposeRunDirectory,
  openTemporaryRunDirectory,
} from '../run-directory/temporary-run-directory.js';
import { hashPassword } from './rabbitmq-files.js';
import { startRabbitmq, type Rabbitmq } from './rabbitmq.js';
import type { RunDirectory } from '../run-directory/run-directory.js';

describe('a private RabbitMQ', () => {
  let runDirectory: RunDirectory;
  let rabbitmq: Rabbitmq;
  beforeAll(async () => {
    runDirectory = await openTemporaryRunDirectory();
    rabbitmq = await startRabbitmq(runDirectory);
  }, 120_000);
  afterAll(async () => {
    await disposeRunDirectory(runDirectory);
  }, 60_000);

  async function manage(path: string): Promise<unknown> {
    const { origin, username, password } = new URL(rabbitmq.managementUrl);
    const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`;
    const response = await fetch(`${origin}/api/${path}`, { headers: { authorization } });
    return response.json();
  }

  it('has an administrator and no guest', async () => {
    expect(await manage('users')).toMatchObject([
      { name: 'backup-awareness', tags: ['administrator'] },
    ]);
    const guest = new URL(rabbitmq.amqpUrl);
    guest.username = 'guest';
    guest.password = 'guest';
    await expect(connect(guest.href)).rejects.toThrow('ACCESS_REFUSED');
    expect(rabbitmq.amqpUrl).toMatch(/\/%2F$/);
  });

  it('listens on loopback only, its epmd and its distribution too', () => {
    const pids = [rabbitmq.pid, rabbitmq.epmd.pid];
    const listening = execFileSync('ss', ['-Hltnp'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => pids.some((pid) => line.includes(`pid=${pid},`)))
      .map((line) => line.split(/\s+/)[3] ?? '');
    expect(listening.length).toBeGreaterThanOrEqual(4);
    expect(listening.filter((address) => !/^(127\.0\.0\.1|\[::1\]):/.test(address))).toEqual([]);
  });

  it('keeps its cookie and passwords private', () => {
    const folder = join(runDirectory.path, 'rabbitmq');
    const cookie = readFileSync(join(folder, '.erlang.cookie'), 'utf8');
    expect(cookie).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const commands = execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' });
    expect(commands).not.toContain(cookie);
    expect(commands).not.toContain(runDirectory.password('brokerAdministrator'));
  });

  it('keeps messages and address after a stop and a crash, and leaves no epmd behind', async () => {
    const queue = 'kept';
    const publish = async (text: string): Promise<void> => {
      const connection = await connect(rabbitmq.amqpUrl);
      const channel = await connection.createConfirmChannel();
      await channel.assertQueue(queue, { arguments: { 'x-queue-type': 'quorum' } });
      channel.sendToQueue(queue, Buffer.from(text), { persistent: true });
      await channel.waitForConfirms();
      await connection.close();
    };
    await publish('one');
    const epmd = runDirectory.processes.running().find(({ kind }) => kind === 'epmd')!;
    await rabbitmq.stop();
    expect(isRunning(epmd)).toBe(false);
    expect(runDirectory.processes.running()).toEqual([]);
    await rabbitmq.start();
    await publish('two');
    rabbitmq.kill();
    expect(await rabbitmq.ended()).toBe('SIGKILL');
    await rabbitmq.start();

    const connection = await connect(rabbitmq.amqpUrl);
    const channel = await connection.createChannel();
    const texts = [];
    for (let message; (message = await channel.get(queue, { noAck: true }));) {
      texts.push(message.content.toString());
    }
    await connection.close();
    expect(texts).toEqual(['one', 'two']);
  }, 120_000);

  it('has its limits set', async () => {
    const { rows } = { rows: readFileSync(join(runDirectory.path, 'rabbitmq', 'rabbitmq.conf')) };
    expect(rows.toString()).toContain('max_message_size = 2097152');
    const connection = await connect(rabbitmq.amqpUrl);
    const channel = await connection.createChannel();
    const refused = new Promise<Error>((resolve) => channel.once('error', resolve));
    await channel.assertQueue('limits', { exclusive: true });
    channel.sendToQueue('limits', Buffer.alloc(2_097_153));
    expect((await refused).message).toContain('PRECONDITION_FAILED');
    await connection.close();
  });
});

describe('a password’s hash', () => {
  it('is as RabbitMQ documents it', () => {
    expect(hashPassword('test12', Buffer.from('908dc60a', 'hex'))).toBe(
      'kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR',
    );
  });
});
