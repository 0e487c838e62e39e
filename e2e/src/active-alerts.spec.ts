import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { activeAlertsPart, type ActiveAlertsPart } from '@backup-awareness/contracts';
import { eventually } from '@backup-awareness/testing';
import { connect, type Channel } from 'amqplib';
import { addEngine, clearedAlert } from './alerts.js';
import { startProduct, type ProductOnTestServers } from './product.js';

let product: ProductOnTestServers;
let folder: string;
beforeAll(async () => {
  product = await startProduct();
  folder = mkdtempSync(join(tmpdir(), 'active-alerts-'));
});
afterAll(async () => {
  await product?.cli('topology', 'subscriber', 'remove', NAME);
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Broker users outlive a virtual host: each run has its own. */
const NAME = `late-${process.pid}-${Date.now()}`;

/** Connects as a component that an administrator has given a user. */
async function asSubscriber<T>(act: (channel: Channel) => Promise<T>): Promise<T> {
  const url = new URL(product.endpoints().amqpUrl);
  url.username = `subscriber.${NAME}`;
  url.password = readFileSync(join(folder, 'password'), 'utf8').trim();
  url.pathname = `/${encodeURIComponent(product.broker.vhost)}`;
  const connection = await connect(url.href);
  try {
    return await act(await connection.createChannel());
  } finally {
    await connection.close();
  }
}

/** All parts of the answer to one request. */
async function askForActiveAlerts(channel: Channel): Promise<ActiveAlertsPart[]> {
  const parts: ActiveAlertsPart[] = [];
  const complete = new Promise<void>((resolve) => {
    void channel.consume(
      'amq.rabbitmq.reply-to',
      (message) => {
        expect(message?.properties.correlationId).toBe('question');
        parts.push(activeAlertsPart.parse(JSON.parse(String(message?.content))));
        if (parts.at(-1)!.last) resolve();
      },
      { noAck: true, consumerTag: 'answers' },
    );
  });
  channel.publish('ovirt.backup-alerts.requests', 'ACTIVE_ALERTS_REQUESTED', Buffer.alloc(0), {
    replyTo: 'amq.rabbitmq.reply-to',
    correlationId: 'question',
  });
  await complete;
  await channel.cancel('answers');
  return parts;
}

it('a component that starts late is told the active alerts of 1,200 engines, in parts, and hears of all that changes afterwards', async () => {
  const added = await product.cliJson<{ queue: string }>(
    ...['topology', 'subscriber', 'add', NAME, '--password-file', join(folder, 'password')],
  );
  await product.query(
    `INSERT INTO engine (fqdn, watched_since) SELECT 'engine-' || i || '.example.com', now() - interval '2 days' FROM generate_series(1, 1200) i`,
  );
  const alert = await addEngine(product, 'first.example.com');
  // A change of a setting decides all engines.
  await product.cliJson('config', '-s', 'BackupAlertPeriodInDays=2');
  await eventually(async () => {
    const rows = await product.query<{ count: string }>('SELECT count(*) FROM alert');
    expect(Number(rows[0]!.count)).toBeGreaterThan(1_200);
  });

  await asSubscriber(async (channel) => {
    const events: { data: { fqdn: string; sequence: number } }[] = [];
    await channel.assertQueue(added.queue, { durable: true });
    await channel.bindQueue(added.queue, 'ovirt.backup-alerts', '#');
    await channel.consume(added.queue, (it) => events.push(JSON.parse(String(it!.content))), {
      noAck: true,
    });
    const parts = await askForActiveAlerts(channel);
    const rows = await product.query<{ id: string }>(
      'SELECT alert_id AS id FROM alert WHERE cleared_at IS NULL ORDER BY fqdn, sequence',
    );
    expect(parts.map(({ part, last }) => [part, last])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    const ids = parts.flatMap(({ alerts }) => alerts.map(({ id }) => id));
    expect(ids).toEqual(rows.map(({ id }) => id));

    await product.reportFullBackup('first.example.com');
    await clearedAlert(product, alert);
    await eventually(() =>
      expect(events.map(({ data }) => data)).toContainEqual(
        expect.objectContaining({ fqdn: 'first.example.com', sequence: 2 }),
      ),
    );
    const after = (await askForActiveAlerts(channel)).map(({ sequence }) => sequence);
    expect(Object.assign({}, ...after)['first.example.com']).toBe(2);
  });
});
