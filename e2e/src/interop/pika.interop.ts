import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import {
  cloudEvent,
  eventName,
  eventually,
  hoursAgo,
  type Report,
  report,
  routingKeyOf,
  userEnvironment,
} from '@backup-awareness/testing';
import { addEngine, clearedAlert, raisedAlert, stored } from '../alerts.js';
import { startProduct, type ProductOnTestServers } from '../product.js';
import { goThroughJourney } from './journey.js';
import { PYTHON, runProgram, script } from './run-program.js';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const environment = () => ({ AMQP_URL: product.endpoints().amqpUrl });

async function publish(data: Report, body: object, properties: object): Promise<void> {
  const exchange = 'ovirt.engine-backup';
  const args = [script('publish.py'), exchange, routingKeyOf(data), JSON.stringify(properties)];
  await runProgram(PYTHON, args, { input: JSON.stringify(body), environment: environment() });
}

const publishBare = (data: Report) => publish(data, data, {});

const publishCloudEvent = (data: Report) => {
  const event = cloudEvent(data);
  return publish(data, event, {
    content_type: 'application/cloudevents+json',
    message_id: event.id,
    type: eventName(data),
    timestamp: Math.floor(Date.now() / 1000),
    app_id: 'a script in Python',
  });
};

describe('reports by pika', () => {
  it('raise and clear alerts, as bare JSON', async () => {
    await goThroughJourney(product, 'bare.example.com', publishBare);
  });

  it('raise and clear alerts, as CloudEvents', async () => {
    await goThroughJourney(product, 'events.example.com', publishCloudEvent);
  });

  it('name the sender that pika gives, when the broker has verified it', async () => {
    const fqdn = 'verified.example.com';
    const user = decodeURIComponent(new URL(product.endpoints().amqpUrl).username);
    const data = report({ fqdn });
    await publish(data, data, { user_id: user });
    await stored(product, fqdn, 1);
    const rows = await product.query(`SELECT reported_by FROM engine_backup_log WHERE fqdn = $1`, [
      fqdn,
    ]);
    expect(rows).toEqual([{ reported_by: user }]);
  });
});

interface Received {
  readonly routing_key: string;
  readonly content_type: string;
  readonly delivery_mode: number;
  readonly message_id: string;
  readonly type: string;
  readonly timestamp: number;
  readonly app_id: string;
  readonly user_id: string;
  readonly event: { id: string; type: string; data: Record<string, unknown> };
}

describe('a subscriber in Python', () => {
  let subscriber: ChildProcess;
  const received: Received[] = [];
  beforeAll(async () => {
    subscriber = spawn(PYTHON, [script('subscribe.py'), 'python'], {
      env: { ...userEnvironment(), ...environment() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: subscriber.stdout! });
    await once(lines, 'line');
    lines.on('line', (line) => received.push(JSON.parse(line) as Received));
  });
  afterAll(async () => {
    subscriber.kill('SIGKILL');
    await once(subscriber, 'close');
  });

  it('receives Raised and Cleared with one alert_id, and a sequence without gaps', async () => {
    const fqdn = 'python.example.com';
    const first = await addEngine(product, fqdn);
    await product.reportFullBackup(fqdn, { done_at: hoursAgo(48) });
    const second = await raisedAlert(product, fqdn, 'ENGINE_NO_WARM_BACKUP');
    for (const scope of ['db', 'files']) await publishBare(report({ fqdn, scope }));
    await clearedAlert(product, second);

    const its = await eventually(() => {
      const events = received.filter(({ event }) => event.data['fqdn'] === fqdn);
      expect(events.length).toBeGreaterThanOrEqual(4);
      return events;
    });
    expect(
      its.map(({ type, event }) => [type, event.data['sequence'], event.data['alert_id']]),
    ).toEqual([
      ['BackupAlertRaised', 1, first.alert_id],
      ['BackupAlertCleared', 2, first.alert_id],
      ['BackupAlertRaised', 3, second.alert_id],
      ['BackupAlertCleared', 4, second.alert_id],
    ]);
    for (const { event, ...properties } of its)
      expect(properties).toEqual({
        routing_key: `${properties.type}.${event.data['alert']}`,
        content_type: 'application/cloudevents+json',
        delivery_mode: 2,
        message_id: event.id,
        type: event.type.replace('org.ovirt.', ''),
        timestamp: expect.any(Number),
        app_id: 'freshness-checker',
        user_id: `${product.broker.vhost}.freshness-checker`,
      });
  });
});

describe('a request for settings in Python', () => {
  it('is answered through direct reply-to', async () => {
    const answer = await runProgram(PYTHON, [script('request_settings.py')], {
      environment: environment(),
    });
    expect(JSON.parse(answer)).toEqual({
      BackupExcludedTables: expect.arrayContaining(['async_tasks', 'business_entity_snapshot']),
      BackupExcludeMode: 'data',
    });
  });
});
