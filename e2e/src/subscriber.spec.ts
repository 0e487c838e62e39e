import { eventually, hoursAgo } from '@backup-awareness/testing';
import { addEngine, clearedAlert, raisedAlert } from './alerts.js';
import { startProduct, type ProductOnTestServers } from './product.js';
import { subscribe, type ReceivedEvent, type Subscriber } from './subscriber.js';

const ENGINES = ['journey-1.example.com', 'journey-2.example.com'];

let product: ProductOnTestServers;
let subscriber: Subscriber;
let startedAtMs: number;

/** From no backup to one that is too old, to a fresh one, to a shorter alert period, to retired: six events. */
async function journey(fqdn: string): Promise<void> {
  const first = await addEngine(product, fqdn);
  await product.reportFullBackup(fqdn, { done_at: hoursAgo(48) });
  const tooOld = await raisedAlert(product, fqdn, 'ENGINE_NO_WARM_BACKUP');
  await clearedAlert(product, first);
  await product.reportFullBackup(fqdn);
  await clearedAlert(product, tooOld);
  await product.cliJson('engines', 'set', fqdn, '--alert-period', '0.000001');
  const tight = await raisedAlert(product, fqdn, 'ENGINE_NO_WARM_BACKUP');
  await product.cliJson('engines', 'retire', fqdn);
  await clearedAlert(product, tight);
}

const STEPS = [
  { sequence: 1, name: 'BackupAlertRaised', alert: 'ENGINE_NO_FULL_BACKUP' },
  { sequence: 2, name: 'BackupAlertCleared', alert: 'ENGINE_NO_FULL_BACKUP', reason: 'superseded' },
  { sequence: 3, name: 'BackupAlertRaised', alert: 'ENGINE_NO_WARM_BACKUP' },
  {
    sequence: 4,
    name: 'BackupAlertCleared',
    alert: 'ENGINE_NO_WARM_BACKUP',
    reason: 'full_backup',
  },
  { sequence: 5, name: 'BackupAlertRaised', alert: 'ENGINE_NO_WARM_BACKUP' },
  {
    sequence: 6,
    name: 'BackupAlertCleared',
    alert: 'ENGINE_NO_WARM_BACKUP',
    reason: 'engine_retired',
  },
];

const of = (fqdn: string): ReceivedEvent[] =>
  subscriber.received.filter(({ event }) => event.data.fqdn === fqdn);

beforeAll(async () => {
  product = await startProduct();
  startedAtMs = Date.now();
  subscriber = await subscribe(product, 'other-component');
  await Promise.all(ENGINES.map(journey));
  await eventually(() => {
    for (const fqdn of ENGINES) expect(of(fqdn).length).toBeGreaterThanOrEqual(STEPS.length);
  });
});
afterAll(() => product?.stop());

describe.each(ENGINES)('a subscriber, about %s', (fqdn) => {
  it('receives every alert raised and cleared, once and in order', () => {
    const received = of(fqdn).map(({ message, event }) => ({
      sequence: event.data.sequence,
      name: message.properties.type,
      alert: event.data.alert,
      ...(event.data['reason'] ? { reason: event.data['reason'] } : {}),
    }));
    expect(received).toEqual(STEPS);
  });

  it('receives one alert_id for each pair, and another for the next', () => {
    const ids = of(fqdn).map(({ event }) => event.data.alert_id);
    expect(ids).toEqual([ids[0], ids[0], ids[2], ids[2], ids[4], ids[4]]);
    expect(new Set(ids).size).toBe(3);
    const [raised, cleared] = of(fqdn);
    expect(cleared!.event.data['raised_at']).toBe(raised!.event.data['decided_at']);
  });

  it('receives CloudEvents', () => {
    for (const { event, message } of of(fqdn)) {
      expect(event).toMatchObject({
        specversion: '1.0',
        id: expect.stringMatching(
          /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        ),
        type: `org.ovirt.${message.properties.type}`,
        source: `/ovirt/engines/${fqdn}`,
        subject: event.data.alert,
      });
      expect(Date.parse(event.time)).toBeGreaterThan(startedAtMs - 5_000);
      expect(Date.parse(event.time)).toBeLessThan(Date.now() + 5_000);
    }
  });

  it('receives them with all promised properties', () => {
    for (const { event, message } of of(fqdn)) {
      expect(message.fields).toMatchObject({
        exchange: 'ovirt.backup-alerts',
        routingKey: `${message.properties.type}.${event.data.alert}`,
        redelivered: false,
      });
      expect(message.properties).toMatchObject({
        contentType: 'application/cloudevents+json',
        deliveryMode: 2,
        messageId: event.id,
        type: expect.stringMatching(/^BackupAlert(Raised|Cleared)$/),
        appId: 'freshness-checker',
        userId: `${product.broker.vhost}.freshness-checker`,
      });
      const sentAtMs = message.properties.timestamp * 1000;
      expect(sentAtMs).toBeGreaterThan(startedAtMs - 5_000);
      expect(sentAtMs).toBeLessThan(Date.now() + 5_000);
    }
  });

  it('receives all promised data', () => {
    for (const { event, message } of of(fqdn)) {
      const expected =
        message.properties.type === 'BackupAlertRaised'
          ? ['since', 'decided_at', 'last_full_backup_at', 'alert_period_days', 'message']
          : ['raised_at', 'cleared_at', 'reason'];
      const always = ['alert_id', 'alert', 'fqdn', 'sequence'];
      expect(Object.keys(event.data).sort()).toEqual([...always, ...expected].sort());
    }
  });

  it('finds the same events in the audit log', async () => {
    const rows = await product.query<{ event_id: string }>(
      `SELECT event_id FROM audit_log WHERE fqdn = $1 AND log_type IN (9022, 9023)`,
      [fqdn],
    );
    const ids = of(fqdn).map(({ event }) => event.id);
    expect(rows.map((row) => row.event_id).sort()).toEqual(ids.sort());
  });
});

describe('a subscriber that was away', () => {
  it('receives what happened in the meantime', async () => {
    const fqdn = 'away.example.com';
    const before = await subscribe(product, 'away');
    await before.leave();
    const alert = await addEngine(product, fqdn);
    await product.reportFullBackup(fqdn);
    await clearedAlert(product, alert);
    const after = await subscribe(product, 'away');
    await eventually(() => {
      expect(after.received.map(({ event }) => event.data.sequence)).toEqual([1, 2]);
    });
    await after.leave();
  });

  it('cannot fill the disk: a policy bounds its queue', async () => {
    const { vhost } = product.broker;
    const policies = (await product.broker.api('GET', `policies/${encodeURIComponent(vhost)}`)) as {
      pattern: string;
      definition: Record<string, unknown>;
    }[];
    const its = policies.filter(({ pattern }) => new RegExp(pattern).test('subscriber.away'));
    expect(its.map(({ definition }) => definition)).toEqual([
      expect.objectContaining({
        'max-length-bytes': expect.any(Number),
        'message-ttl': expect.any(Number),
      }),
    ]);
  });
});
