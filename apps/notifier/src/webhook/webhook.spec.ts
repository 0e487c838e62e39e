import { createHmac } from 'node:crypto';
import {
  dataSourceFor,
  endUnknown,
  listUndelivered,
  seeUnknown,
  settleUndelivered,
} from '@backup-awareness/database';
import type { TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { alertsIn } from '../spec/alerts-in-database.js';
import { answeringServer, type AnsweringServer } from '../spec/answering-server.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW } from '../spec/example-alert.js';
import { webhook } from './webhook.js';
import { useDatabase } from '../spec/use-database.js';

const { signal } = new AbortController();
const SECRET = 'a secret of many characters';

let database: TestDatabase;
let db: DataSource;
let server: AnsweringServer;
let versions = 0;
useDatabase((opened) => ({ database, db } = opened));
beforeEach(async () => {
  server = await answeringServer();
});
afterEach(() => server.close());

const replica = (secret: string | undefined = SECRET) => webhook({ url: server.url, secret, db });
/** Each round as if something had changed. */
const turn = (destination: Destination, now: number) =>
  destination.round({ now, version: String(++versions), unreadable: null }, signal);
const told = () =>
  server.received.map(({ body }) => {
    const { type, source } = JSON.parse(body) as { type: string; source: string };
    return `${source.split('/').at(-1)} ${type.replace('org.ovirt.BackupAlert', '')}`;
  });
const ids = () => server.received.map(({ body }) => (JSON.parse(body) as { id: string }).id);

describe('a webhook', () => {
  it('gets each event as the same CloudEvent that subscribers get', async () => {
    const { recordEvent, alertId } = await alertsIn(database).raise({ isAuditBehind: true });
    const { id, source, data, time } = await recordEvent();
    expect(await turn(replica(), NOW)).toMatchObject({ told: 1, error: null });
    const [{ body, headers }] = server.received as [(typeof server.received)[number]];
    expect(headers['content-type']).toBe('application/cloudevents+json');
    expect(JSON.parse(body)).toEqual({
      specversion: '1.0',
      id,
      source,
      type: 'org.ovirt.BackupAlertRaised',
      subject: 'ENGINE_NO_FULL_BACKUP',
      time,
      datacontenttype: 'application/json',
      dataschema: 'https://ovirt.org/backup-awareness/schemas/BackupAlertRaised/1.json',
      data,
    });
    expect(data).toMatchObject({ alert_id: alertId });
  });

  it('gets signed events if there is a secret', async () => {
    await alertsIn(database).raise();
    await turn(replica(), NOW);
    const [{ body, headers }] = server.received as [(typeof server.received)[number]];
    const expected = createHmac('sha256', SECRET).update(body).digest('hex');
    expect(headers['x-signature-256']).toBe(`sha256=${expected}`);
    await alertsIn(database).raise({ fqdn: 'unsigned' });
    await turn(webhook({ url: server.url, secret: undefined, db }), NOW);
    expect(server.received[1]!.headers).not.toHaveProperty('x-signature-256');
  });

  it('gets each event once from any number of replicas', async () => {
    const fqdns = Array.from({ length: 60 }, (_, i) => `engine-${i}`);
    for (const fqdn of fqdns) await alertsIn(database).raise({ fqdn });
    const replicas = [replica(), replica(), replica()];
    await Promise.all(replicas.map((one) => turn(one, NOW)));
    await Promise.all(replicas.map((one) => turn(one, NOW + MINUTE_MS)));
    expect(told().sort()).toEqual(fqdns.map((fqdn) => `${fqdn} Raised`).sort());
  });

  it('gets the events of one engine in order, even if the first fails for a while', async () => {
    const alert = await alertsIn(database).raise();
    const one = replica();
    server.answer({ status: 500 });
    expect(await turn(one, NOW)).toMatchObject({ told: 0, failed: 1, error: 'answered 500' });
    await alertsIn(database).clear(alert, NOW + 1_000);
    server.answer({ status: 204 });
    await turn(one, NOW + MINUTE_MS);
    expect(told()).toEqual([
      'engine.example.com Raised',
      'engine.example.com Raised',
      'engine.example.com Cleared',
    ]);
    expect(new Set(ids()).size).toBe(2);
  });

  it('that refuses an event of one engine gets those of others', async () => {
    await alertsIn(database).raise({ fqdn: 'bad' });
    await alertsIn(database).raise({ fqdn: 'good' });
    server.answer(({ body }) => ({ status: body.includes('engines/bad') ? 422 : 200 }));
    expect(await turn(replica(), NOW)).toMatchObject({ told: 1, failed: 1 });
    expect(told().sort()).toEqual(['bad Raised', 'good Raised']);
  });

  it('that sends Retry-After is not tried before', async () => {
    await alertsIn(database).raise();
    const one = replica();
    server.answer({ status: 429, headers: { 'retry-after': '600' } });
    await turn(one, NOW);
    server.answer({ status: 200 });
    await turn(one, NOW + 599_000);
    expect(server.received).toHaveLength(1);
    await turn(one, NOW + 600_000);
    expect(server.received).toHaveLength(2);
  });

  it('that sends Retry-After is not tried with events of other engines, either', async () => {
    await alertsIn(database).raise({ fqdn: 'a' });
    const one = replica();
    server.answer({ status: 503, headers: { 'retry-after': '600' } });
    await turn(one, NOW);
    await alertsIn(database).raise({ fqdn: 'b' });
    await turn(one, NOW + 599_000);
    expect(server.received).toHaveLength(1);
  });

  it('that does not answer is tried with one event at a time until it does', async () => {
    for (let i = 0; i < 30; i++) await alertsIn(database).raise({ fqdn: `engine-${i}` });
    const one = replica();
    server.answer({ status: 503 });
    await turn(one, NOW);
    const atFirst = server.received.length;
    await turn(one, NOW + 5_000);
    expect(server.received).toHaveLength(atFirst + 1);
    server.answer({ status: 200 });
    await turn(one, NOW + HOUR_MS);
    expect(new Set(told()).size).toBe(30);
  });

  it('that refuses everything is tried with one event at a time, and gets all within a minute after that', async () => {
    for (let i = 0; i < 30; i++) await alertsIn(database).raise({ fqdn: `engine-${i}` });
    const one = replica();
    server.answer({ status: 404 });
    await turn(one, NOW);
    for (let i = 1; i <= 20; i++) {
      server.received.length = 0;
      await turn(one, NOW + i * MINUTE_MS);
      expect(server.received).toHaveLength(1);
    }
    server.received.length = 0;
    server.answer({ status: 200 });
    await turn(one, NOW + 21 * MINUTE_MS);
    await turn(one, NOW + 22 * MINUTE_MS);
    expect(new Set(told()).size).toBe(30);
    expect(told()).toHaveLength(30);
  });

  it('that redirects is not followed', async () => {
    await alertsIn(database).raise();
    server.answer({ status: 307, headers: { location: `${server.url}/elsewhere` } });
    expect(await turn(replica(), NOW)).toMatchObject({ told: 0, failed: 1 });
    expect(server.received.map(({ path }) => path)).toEqual(['/']);
  });

  it('that was unavailable for a day gets everything once, in order and within a minute, after one attempt a minute', async () => {
    const one = replica();
    await turn(one, NOW);
    server.answer('hang up');
    const alert = await alertsIn(database).raise();
    for (let now = NOW; now < NOW + DAY_MS; now += MINUTE_MS) {
      if (now === NOW + HOUR_MS) await alertsIn(database).clear(alert, now);
      await turn(one, now);
    }
    expect(server.received.length).toBeLessThanOrEqual(DAY_MS / MINUTE_MS + 5);
    server.received.length = 0;
    server.answer({ status: 200 });
    await turn(one, NOW + DAY_MS);
    await turn(one, NOW + DAY_MS + MINUTE_MS);
    expect(told()).toEqual(['engine.example.com Raised', 'engine.example.com Cleared']);
  });

  it('that refuses for three days loses the old events one by one, and gets later ones', async () => {
    const one = replica();
    server.answer({ status: 503 });
    const alert = await alertsIn(database).raise();
    let givenUp = 0;
    for (let now = NOW; now <= NOW + 3 * DAY_MS + HOUR_MS; now += 15 * MINUTE_MS)
      givenUp += (await turn(one, now)).givenUp;
    expect(givenUp).toBe(1);
    server.answer({ status: 200 });
    server.received.length = 0;
    await alertsIn(database).clear(alert, NOW + 3 * DAY_MS + HOUR_MS);
    await turn(one, NOW + 3 * DAY_MS + 2 * HOUR_MS);
    expect(told()).toEqual(['engine.example.com Cleared']);
  });

  it('gets what it refused for three days in order, with the same ids, once an administrator replays that', async () => {
    const start = Date.now();
    const one = replica();
    await turn(one, start);
    server.answer({ status: 503 });
    const alert = await alertsIn(database).raise({ at: start });
    await alertsIn(database).clear(alert, start + 1_000);
    for (let hour = 0; hour <= 24 * 7; hour++) await turn(one, start + hour * HOUR_MS);
    const dead = await listUndelivered(db);
    expect(dead).toMatchObject([
      { queue: 'webhook', change: 'raised', reason: 'answered 503' },
      { queue: 'webhook', change: 'cleared', reason: 'answered 503' },
    ]);
    const before = new Set(ids());
    server.received.length = 0;
    server.answer({ status: 200 });
    const decision = { who: 'root', to: 'replayed', comment: null } as const;
    const all = dead.map(({ id }) => id);
    expect(await settleUndelivered(database.owner, decision, all)).toHaveLength(2);
    await turn(one, start + 8 * DAY_MS);
    expect(told()).toEqual(['engine.example.com Raised', 'engine.example.com Cleared']);
    expect(new Set(ids())).toEqual(before);
    expect(await listUndelivered(db)).toEqual([]);
  });

  it.each([
    ['the clearing was sent', 200],
    ['the clearing was given up, too, and is not replayed', 503],
  ])('does not get a replayed event of an alert that has cleared since: %s', async (_, later) => {
    const start = Date.now();
    const one = replica();
    await turn(one, start);
    server.answer({ status: 503 });
    const alert = await alertsIn(database).raise({ at: start });
    for (let hour = 0; hour <= 24 * 4; hour++) await turn(one, start + hour * HOUR_MS);
    await alertsIn(database).clear(alert, start + 4 * DAY_MS);
    server.answer({ status: later });
    for (let hour = 24 * 4; hour <= 24 * 8; hour++) await turn(one, start + hour * HOUR_MS);
    server.received.length = 0;
    server.answer({ status: 200 });
    const raised = (await listUndelivered(db)).filter(({ change }) => change === 'raised');
    const decision = { who: 'root', to: 'replayed', comment: null } as const;
    const ids = raised.map(({ id }) => id);
    expect(await settleUndelivered(database.owner, decision, ids)).toHaveLength(1);
    await turn(one, start + 9 * DAY_MS);
    await turn(one, start + 9 * DAY_MS + HOUR_MS);
    expect(told()).toEqual([]);
    const pending = 'SELECT FROM notification WHERE settled_at IS NULL';
    expect(await database.owner.query(pending)).toEqual([]);
  });

  it('gets an event again with the same id from another replica, if one died before settling it', async () => {
    await alertsIn(database).raise();
    const dying = await dataSourceFor(database.urls.notifier).initialize();
    server.answer(() => {
      if (dying.isInitialized) void dying.destroy();
      return { status: 200 };
    });
    await turn(webhook({ url: server.url, secret: SECRET, db: dying }), NOW).catch(() => undefined);
    await turn(replica(), NOW + MINUTE_MS);
    expect(server.received).toHaveLength(1);
    await turn(replica(), NOW + 2 * MINUTE_MS);
    expect(server.received).toHaveLength(2);
    expect(new Set(ids()).size).toBe(1);
  });

  it('gets an event only after audit has recorded it as published', async () => {
    const { recordEvent } = await alertsIn(database).raise({ isAuditBehind: true });
    const one = replica();
    expect(await turn(one, NOW)).toMatchObject({ told: 0, failed: 0, error: undefined });
    await recordEvent();
    expect(await turn(one, NOW + 2_000)).toMatchObject({ told: 1 });
  });

  it('fails while an event has not been recorded for five minutes, is asked for it once a minute, and gets others', async () => {
    const { recordEvent } = await alertsIn(database).raise({ fqdn: 'lost', isAuditBehind: true });
    const one = replica();
    const failure = { error: 'audit has not recorded an event: look at the service audit' };
    expect(await turn(one, NOW)).toMatchObject({ failed: 0, error: undefined });
    expect(await turn(one, NOW + 5 * MINUTE_MS - 1)).toMatchObject({ error: undefined });
    let failed = 0;
    for (let now = NOW + 5 * MINUTE_MS; now < NOW + 65 * MINUTE_MS; now += 10_000)
      failed += (await turn(one, now)).failed;
    expect(failed).toBeLessThanOrEqual(65);
    expect(failed).toBeGreaterThanOrEqual(55);
    await alertsIn(database).raise({ fqdn: 'other' });
    expect(await turn(one, NOW + 65 * MINUTE_MS)).toMatchObject({ told: 1, ...failure });
    await recordEvent();
    expect(await turn(one, NOW + 67 * MINUTE_MS)).toMatchObject({ told: 1, error: null });
  });

  it('loses an event that is not recorded for three days as one that it does not accept', async () => {
    await alertsIn(database).raise({ isAuditBehind: true });
    const one = replica();
    let givenUp = 0;
    for (let now = NOW; now <= NOW + 3 * DAY_MS + HOUR_MS; now += 15 * MINUTE_MS)
      givenUp += (await turn(one, now)).givenUp;
    expect(givenUp).toBe(1);
    expect(await listUndelivered(db)).toMatchObject([
      { reason: 'audit has not recorded an event: look at the service audit' },
    ]);
  });

  it('gets a new event although a thousand others are not recorded, and a round looks at few of those', async () => {
    await database.owner.query(
      `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
       SELECT gen_random_uuid(), 'ENGINE_NO_FULL_BACKUP', 'lost-' || i, now(), now(), 1, 1, 'lost' FROM generate_series(1, 1000) i`,
    );
    const one = replica();
    await turn(one, NOW);
    const postponed = `SELECT count(*)::int AS n FROM notification WHERE due_at > noted_at`;
    expect(await database.owner.query(postponed)).toEqual([{ n: 20 }]);
    for (let seconds = 1; seconds < 60; seconds++) await turn(one, NOW + seconds * 1_000);
    await alertsIn(database).raise({ fqdn: 'other' });
    expect(await turn(one, NOW + MINUTE_MS)).toMatchObject({ told: 1 });
  });

  it('gets events of dismissed alerts, too', async () => {
    const alert = await alertsIn(database).raise();
    await alertsIn(database).dismiss(alert);
    await turn(replica(), NOW);
    expect(told()).toEqual(['engine.example.com Raised']);
  });

  it('is notified that the status is unknown, and when it is known again', async () => {
    const one = replica();
    await seeUnknown(db, NOW, { sinceAt: NOW, reason: 'the check is overdue' });
    await turn(one, NOW);
    await endUnknown(db, NOW + HOUR_MS);
    await turn(one, NOW + HOUR_MS);
    expect(server.received.map(({ body }) => JSON.parse(body))).toMatchObject([
      { type: 'org.ovirt.BackupAwarenessUnknown', data: { reason: 'the check is overdue' } },
      {
        type: 'org.ovirt.BackupAwarenessKnown',
        data: { ended_at: new Date(NOW + HOUR_MS).toISOString() },
      },
    ]);
    expect(new Set(ids()).size).toBe(2);
  });
});
