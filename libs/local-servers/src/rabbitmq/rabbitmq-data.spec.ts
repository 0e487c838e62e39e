import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { disposeRunDirectory } from '../run-directory/temporary-run-directory.js';
import { startRabbitmq } from './rabbitmq.js';
import { ensureNodeData, explainEnd, recordBoot } from './rabbitmq-data.js';
import { openRunDirectory } from '../run-directory/run-directory.js';
import { stopRecorded } from '../processes/stop-process.js';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'rabbitmq-data-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const QUORUM = { arguments: { 'x-queue-type': 'quorum' } };

it('keeps its queues when its run directory was moved', async () => {
  const first = await openRunDirectory(join(base, 'run'), { temporary: true });
  const { amqpUrl } = await startRabbitmq(first);
  const publisher = await connect(amqpUrl);
  const channel = await publisher.createConfirmChannel();
  for (const [queue, options] of [['quorum', QUORUM] as const, ['classic', {}] as const]) {
    await channel.assertQueue(queue, options);
    channel.sendToQueue(queue, Buffer.from(queue), { persistent: true });
  }
  await channel.waitForConfirms();
  await publisher.close();
  await stopRecorded(first.processes);
  first.close();
  // As if to another file system, where every file is a new one.
  const moved = join(base, 'moved');
  execFileSync('cp', ['-a', join(base, 'run'), moved]);
  rmSync(join(base, 'run'), { recursive: true });

  const second = await openRunDirectory(moved);
  const rabbitmq = await startRabbitmq(second);
  const consumer = await connect(rabbitmq.amqpUrl);
  const channelOfMoved = await consumer.createChannel();
  for (const queue of ['quorum', 'classic']) {
    const message = await channelOfMoved.get(queue, { noAck: true });
    expect(message && message.content.toString()).toBe(queue);
  }
  await consumer.close();
  expect(existsSync(join(base, 'run'))).toBe(false);
  await disposeRunDirectory(second);
}, 300_000);

describe('the data of a node', () => {
  let folder: string;
  let data: string;
  beforeEach(() => {
    folder = join(base, 'rabbitmq');
    data = join(folder, 'data');
  });
  const store = (): void => {
    execFileSync('mkdir', ['-p', data]);
    writeFileSync(join(data, 'messages'), '');
  };

  it('are removed after a first boot that was cut off, and never later', () => {
    ensureNodeData(folder, '3.10.8');
    store();
    ensureNodeData(folder, '3.10.8');
    expect(existsSync(data)).toBe(false);
    store();
    recordBoot(folder, '3.10.8');
    ensureNodeData(folder, '3.10.8');
    expect(existsSync(join(data, 'messages'))).toBe(true);
  });

  it('are not removed because the mark of a boot is missing', () => {
    store();
    ensureNodeData(folder, '3.10.8');
    expect(existsSync(join(data, 'messages'))).toBe(true);
  });

  it('are not replaced by empty ones when they are missing', () => {
    ensureNodeData(folder, '3.10.8');
    store();
    recordBoot(folder, '3.10.8');
    renameSync(data, join(base, 'aside'));
    expect(() => ensureNodeData(folder, '3.10.8')).toThrow(`were in ${data}, which is missing`);
    expect(existsSync(data)).toBe(false);
  });

  it.each([
    ['4.1.0', '3.10.8', true],
    ['3.10.8', '3.9.27', true],
    ['3.10.8', '3.10.1', false],
    ['3.10.8', '3.13.7', false],
    ['3.13.7', '4.0.2', false],
    ['', '3.10.8', false],
  ])('of RabbitMQ %j under RabbitMQ %s: refused is %s', (found, installed, refused) => {
    store();
    if (found) recordBoot(folder, found);
    else writeFileSync(join(folder, 'booted'), '');
    const ensure = () => ensureNodeData(folder, installed);
    if (refused) expect(ensure).toThrow(`was last used by RabbitMQ ${found}`);
    else expect(ensure).not.toThrow();
    expect(existsSync(join(data, 'messages'))).toBe(true);
  });

  it('of a release that is too old are named, and what to do', () => {
    ensureNodeData(folder, '3.10.8');
    store();
    recordBoot(folder, '3.10.8');
    const end = new Error(`RabbitMQ ended (exit 1). The end of rabbitmq.log:\n${REFUSED_FLAGS}`);
    const explained = String(explainEnd(end, folder, '4.0.5'));
    expect(explained).toMatch(
      /last used by RabbitMQ 3\.10\.8, and RabbitMQ 4\.0\.5 needs data of a release between them/,
    );
    expect(explained).toContain('enable_feature_flag all');
    const other = new Error('eaddrinuse');
    expect(explainEnd(other, folder, '4.0.5')).toBe(other);
  });

  it.each(['4.0.5', '4.0.9', '4.1.0'])(
    'of RabbitMQ %s are not called too old for RabbitMQ 4.0.5, whatever ended it',
    (found) => {
      ensureNodeData(folder, found);
      store();
      recordBoot(folder, found);
      const end = new Error(REFUSED_FLAGS);
      expect(explainEnd(end, folder, '4.0.5')).toBe(end);
    },
  );
});

/** How RabbitMQ 4.0 ends on data of 3.10. */
const REFUSED_FLAGS = `Kernel pid terminated (application_controller) ("{application_start_failure,rabbit,{failed_to_initialize_feature_flags_registry,{rabbit,start,[normal,[]]}}}")

Crash dump is being written to: /run/logs/rabbitmq-crash.dump...done`;
