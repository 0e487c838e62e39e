import { eventually, hoursAgo, report } from '@backup-awareness/testing';
import { addEngine, clearedAlert, raisedAlert } from './alerts.js';
import { startProduct, type ProductOnTestServers } from './product.js';
import { copyDatabase, restoreDatabase } from './restore-database.js';
import { subscribe, type Subscriber } from './subscriber.js';

/**
 * The database is restored from an older copy while the broker goes on. What happened between copy and restore: a backup
 * cleared one alert, another engine was added and has one, and both are known to subscribers.
 */
let product: ProductOnTestServers;
let subscriber: Subscriber;
let active: Map<string, string>;
const STALE = 'stale.example.com';
const CLEARED = 'cleared-later.example.com';
const ADDED = 'added-later.example.com';
const HELD = 'held-by-broker.example.com';

beforeAll(async () => {
  product = await startProduct();
  subscriber = await subscribe(product, 'restored');
  // Given
  await addEngine(product, STALE);
  const alert = await addEngine(product, CLEARED);
  await quiet();
  await copyDatabase(product);
  await product.reportFullBackup(CLEARED);
  await clearedAlert(product, alert);
  await addEngine(product, ADDED);
  await eventually(() => expect(subscriber.received.some(isOf(ADDED))).toBe(true));
  await quiet();
  // When
  await product.end();
  for (const scope of ['db', 'files'])
    await product.client.publish(
      'ovirt.engine-backup',
      `ENGINE_BACKUP_COMPLETED.${scope}`,
      report({ fqdn: HELD, scope, done_at: hoursAgo(1) }),
    );
  await restoreDatabase(product);
  await product.restart();
  await eventually(async () => {
    const [row] = await product.query<{ generation: number }>('SELECT generation FROM incarnation');
    expect(row!.generation).toBe(1);
  }, 60_000);
  await raisedAlert(product, CLEARED);
  await quiet();
  active = await readActive();
}, 400_000);
afterAll(async () => {
  await product?.stop();
});

const isOf =
  (fqdn: string) =>
  ({ event }: Subscriber['received'][number]) =>
    event.data.fqdn === fqdn;

/** Waits until everything is published and recorded. */
async function quiet(): Promise<void> {
  await eventually(async () => {
    const rows = await product.query('SELECT FROM outbox');
    expect(rows).toEqual([]);
    expect(await product.broker.depth('backup-awareness.audit')).toBe(0);
    expect(await product.broker.depth('backup-awareness.ingest')).toBe(0);
  }, 60_000);
}

/** Active alerts by engine. */
async function readActive(): Promise<Map<string, string>> {
  const rows = await product.query<{ fqdn: string; id: string }>(
    'SELECT fqdn, alert_id AS id FROM alert WHERE cleared_at IS NULL',
  );
  return new Map(rows.map(({ fqdn, id }) => [fqdn, id]));
}

const alertEvents = () =>
  subscriber.received.filter(({ event }) => event.type !== 'org.ovirt.DatabaseRestored');

it('an engine whose backup was reported after the copy has an alert, and is not fresh', () => {
  expect(active.has(CLEARED)).toBe(true);
});

it('an alert that was active in the copy is the same alert', () => {
  const [raised] = subscriber.received.filter(isOf(STALE));
  expect(active.get(STALE)).toBe(raised!.event.data.alert_id);
});

it('reports that the broker still held are stored, and their engine is fresh', async () => {
  const rows = await product.query('SELECT FROM engine_backup_log WHERE fqdn = $1', [HELD]);
  expect(rows).toHaveLength(2);
  expect(active.has(HELD)).toBe(false);
});

it('subscribers get the event once for each kind of alert, with a sequence above all earlier ones', () => {
  const restored = subscriber.received.filter(
    ({ event }) => event.type === 'org.ovirt.DatabaseRestored',
  );
  expect(restored).toHaveLength(3);
  expect(new Set(restored.map(({ event }) => event.id)).size).toBe(1);
  const { sequence } = restored[0]!.event.data;
  const before = subscriber.received.slice(0, subscriber.received.indexOf(restored[0]!));
  for (const { event } of before)
    if (Date.parse(event.time) < Date.parse(restored[0]!.event.time))
      expect(event.data.sequence).toBeLessThan(sequence);
});

it('no sequence number of an engine comes again with another event', async () => {
  await product.reportFullBackup(CLEARED);
  await eventually(async () => expect((await readActive()).has(CLEARED)).toBe(false));
  await addEngine(product, ADDED);
  await quiet();
  const events = new Map<string, string>();
  for (const { event } of alertEvents()) {
    const key = `${event.data.fqdn} ${event.data.sequence}`;
    expect([key, events.get(key) ?? event.id]).toEqual([key, event.id]);
    events.set(key, event.id);
  }
  const added = alertEvents().filter(isOf(ADDED));
  expect(added).toHaveLength(2);
  expect(added[1]!.event.data.sequence).toBe(1_000_001);
});

it('the audit log says so, and nothing became a dead letter', async () => {
  const rows = await product.query<{ message: string }>(
    `SELECT message FROM audit_log WHERE event_name = 'DatabaseRestored'`,
  );
  expect(rows.map(({ message }) => message)).toEqual([
    expect.stringMatching(
      /^The database was restored from a copy of .*sequence numbers continue above 1000000$/,
    ),
  ]);
  for (const queue of ['backup-awareness.audit.dead', 'ovirt.unrouted'])
    expect(await product.broker.depth(queue)).toBe(0);
});

it('a start without a restore begins no new incarnation', async () => {
  await product.restart();
  await addEngine(product, 'after-restart.example.com');
  await quiet();
  expect(await product.query('SELECT generation FROM incarnation')).toEqual([{ generation: 1 }]);
});
