import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ALERTS_EXCHANGE } from '@backup-awareness/contracts';
import { applyTopology, ChannelRefused, Publisher } from '@backup-awareness/messaging';
import { createTcpProxy, eventually, type TcpProxy } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import {
  disposeRunDirectory,
  findRabbitmq,
  openTemporaryRunDirectory,
  startRabbitmq,
  type Rabbitmq,
  type RunDirectory,
} from '@backup-awareness/local-servers';

// On a broker of its own: an alarm would block everybody who publishes in the tests beside this one.
describe('a publisher, after an alarm of the broker', () => {
  let runDirectory: RunDirectory;
  let rabbitmq: Rabbitmq;
  let proxy: TcpProxy;
  let publisher: Publisher;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    runDirectory = await openTemporaryRunDirectory();
    rabbitmq = await startRabbitmq(runDirectory);
    await applyTopology(rabbitmq.amqpUrl);
    proxy = await createTcpProxy(rabbitmq.amqpUrl);
  }, 120_000);
  afterAll(async () => {
    await proxy?.close();
    await disposeRunDirectory(runDirectory);
  }, 60_000);
  beforeEach(async () => {
    publisher = await Publisher.open(proxy.urlThrough(rabbitmq.amqpUrl), 'spec');
  });
  afterEach(async () => {
    await alarm('0.4');
    await publisher.close();
  });

  async function rabbitmqctl(...args: string[]): Promise<void> {
    const program = join(dirname(findRabbitmq()!.server), 'rabbitmqctl');
    const variables = readFileSync(`/proc/${rabbitmq.pid}/environ`, 'utf8').split('\0');
    const env = Object.fromEntries(
      variables.filter(Boolean).map((text) => text.split(/=(.*)/s).slice(0, 2)),
    );
    await promisify(execFile)(program, args, { env });
  }
  const alarm = (...watermark: string[]) =>
    rabbitmqctl('set_vm_memory_high_watermark', ...watermark);
  /** While a connection is blocked the broker reads nothing more of it: what closes its channel has to have come before. */
  const closeChannels = () =>
    rabbitmqctl(
      'eval',
      `[rabbit_channel:do(Channel, {'exchange.declare', 0, <<"no.such.exchange">>, <<"topic">>, true, false, false, false, false, []})
        || Channel <- rabbit_channel:list()].`,
    );
  const publish = () =>
    publisher.publish({
      exchange: ALERTS_EXCHANGE,
      routingKey: 'X',
      body: Buffer.from('x'),
      options: {},
    });
  const isBlocked = () =>
    eventually(() => expect(publisher.unreadyReason()).toContain('the broker blocks publishers'));
  const publishesAgain = () => eventually(() => publish(), 30_000);

  it('publishes again, though its channel was closed while it was blocked', async () => {
    await publish();
    await alarm('absolute', '1MB');
    const failure = publish().catch((error: unknown) => error);
    await isBlocked();
    await closeChannels();
    expect(await failure).toBeInstanceOf(ChannelRefused);
    await alarm('0.4');
    await publishesAgain();
    expect(publisher.unreadyReason()).toBeUndefined();
  });

  it('publishes again, though it connected while the alarm was on', async () => {
    await publisher.close();
    await alarm('absolute', '1MB');
    publisher = await Publisher.open(proxy.urlThrough(rabbitmq.amqpUrl), 'spec');
    await expect(publish()).rejects.toThrow('no confirm within');
    await isBlocked();
    await alarm('0.4');
    await publishesAgain();
  });

  it('publishes again, though its connection was cut while it was blocked', async () => {
    await publish();
    await alarm('absolute', '1MB');
    const unconfirmed = publish();
    await isBlocked();
    proxy.cut();
    await expect(unconfirmed).rejects.toThrow();
    await eventually(() => expect(publisher.unreadyReason()).toBeUndefined());
    await alarm('0.4');
    await publishesAgain();
  });
});
