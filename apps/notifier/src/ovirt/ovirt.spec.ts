import { randomUUID } from 'node:crypto';
import { endUnknown, seeUnknown } from '@backup-awareness/database';
import type { TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { alertsIn } from '../spec/alerts-in-database.js';
import { answeringServer, type AnsweringServer } from '../spec/answering-server.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW } from '../spec/example-alert.js';
import { ovirt } from './ovirt.js';
import { customId, type OvirtEvent } from './ovirt-event.js';
import { useDatabase } from '../spec/use-database.js';

const { signal } = new AbortController();

let database: TestDatabase;
let db: DataSource;
let server: AnsweringServer;
let versions = 0;
useDatabase((opened) => ({ database, db } = opened));
beforeEach(async () => {
  server = await answeringServer();
  server.answer({ status: 201 });
});
afterEach(() => server.close());

const replica = () =>
  ovirt({
    url: `${server.url}/ovirt-engine/api/`,
    user: 'admin@internal',
    password: 'pass word',
    ca: undefined,
    db,
  });
const turn = (destination: Destination, now: number) =>
  destination.round({ now, version: String(++versions), unreadable: null }, signal);
const events = () => server.received.map(({ body }) => JSON.parse(body) as OvirtEvent);

/** Random ids have the same custom id once in some 2 ** 31 pairs. */
function alertIdsWithSameCustomId(): readonly [string, string] {
  const seen = new Map<number, string>();
  for (;;) {
    const alertId = randomUUID();
    const id = customId({ subjectId: alertId, change: 'raised' });
    const other = seen.get(id);
    if (other !== undefined) return [other, alertId];
    seen.set(id, alertId);
  }
}

describe('the events of an oVirt engine', () => {
  it('are added in the format of its API', async () => {
    await alertsIn(database).raise();
    await turn(replica(), NOW);
    const [{ method, path, headers }] = server.received as [(typeof server.received)[number]];
    expect([method, path]).toEqual(['POST', '/ovirt-engine/api/events']);
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      version: '4',
      authorization: `Basic ${Buffer.from('admin@internal:pass word').toString('base64')}`,
    });
    expect(events()).toEqual([
      {
        origin: 'backup-awareness',
        custom_id: expect.any(Number),
        flood_rate: 1,
        severity: 'alert',
        description: 'engine.example.com has no full backup',
      },
    ]);
    const [{ custom_id }] = events() as [OvirtEvent];
    expect(custom_id).toBeGreaterThan(0);
    expect(custom_id).toBeLessThan(2 ** 31);
  });

  it('show an alert and its clearing, in order and each with its own id', async () => {
    const alert = await alertsIn(database).raise();
    const one = replica();
    await turn(one, NOW);
    await alertsIn(database).clear(alert, NOW + HOUR_MS);
    await turn(one, NOW + HOUR_MS);
    expect(events().map(({ severity, description }) => [severity, description])).toEqual([
      ['alert', 'engine.example.com has no full backup'],
      ['normal', 'engine.example.com: backup alert cleared, there is a new full backup.'],
    ]);
    expect(new Set(events().map(({ custom_id }) => custom_id)).size).toBe(2);
  });

  it('are sent again with the same id if one may have been accepted; a conflict counts as sent', async () => {
    await alertsIn(database).raise();
    const one = replica();
    server.answer('hang up');
    expect(await turn(one, NOW)).toMatchObject({ failed: 1 });
    server.answer({ status: 409 });
    expect(await turn(one, NOW + MINUTE_MS)).toMatchObject({ told: 1, failed: 0 });
    expect(new Set(events().map(({ custom_id }) => custom_id)).size).toBe(1);
  });

  it('are all added, although two have the same id by chance, and each of them once', async () => {
    const [a, b] = alertIdsWithSameCustomId();
    await alertsIn(database).raise({ fqdn: 'engine-a', alertId: a });
    await alertsIn(database).raise({ fqdn: 'engine-b', alertId: b });
    const kept = new Set<number>();
    let isFailing = true;
    server.answer(({ body }) => {
      const { custom_id: id, description } = JSON.parse(body) as OvirtEvent;
      if (kept.has(id)) return { status: 409 };
      kept.add(id);
      added.push(description);
      return isFailing ? 'hang up' : { status: 201 };
    });
    const added: string[] = [];
    const one = replica();
    await turn(one, NOW);
    isFailing = false;
    for (let minute = 1; minute < 5; minute++) await turn(one, NOW + minute * MINUTE_MS);
    expect(new Set(added).size).toBe(2);
    expect(await database.owner.query('SELECT outcome FROM notification')).toEqual([
      { outcome: 'told' },
      { outcome: 'told' },
    ]);
  });

  it('are retried after a wrong password', async () => {
    await alertsIn(database).raise();
    server.answer({ status: 401, body: 'wrong password' });
    expect(await turn(replica(), NOW)).toMatchObject({ error: 'answered 401: wrong password' });
    server.answer({ status: 201 });
    expect(await turn(replica(), NOW + HOUR_MS)).toMatchObject({ told: 1 });
  });

  it('omit alerts that were dismissed before', async () => {
    await alertsIn(database).dismiss(await alertsIn(database).raise());
    await turn(replica(), NOW);
    expect(events()).toEqual([]);
  });

  it('omit an alert that was dismissed while the engine did not answer, until the dismissal ends', async () => {
    const alert = await alertsIn(database).raise();
    const one = replica();
    server.answer({ status: 503 });
    await turn(one, NOW);
    server.received.length = 0;
    server.answer({ status: 201 });
    await alertsIn(database).dismiss(alert, { until: NOW + DAY_MS });
    await turn(one, NOW + HOUR_MS);
    expect(events()).toEqual([]);
    await turn(one, NOW + DAY_MS);
    expect(events()).toHaveLength(1);
  });

  it('have another id when an alert is sent again, which oVirt would refuse otherwise', async () => {
    const alert = await alertsIn(database).raise();
    const one = replica();
    await turn(one, NOW);
    await alertsIn(database).dismiss(alert, { until: NOW + DAY_MS });
    await turn(one, NOW + DAY_MS);
    await turn(replica(), NOW + 2 * DAY_MS);
    expect(new Set(events().map(({ custom_id: id }) => id)).size).toBe(2);
  });

  it('say that the status is unknown, without text that oVirt treats as a variable', async () => {
    const one = replica();
    await seeUnknown(db, NOW, { sinceAt: NOW, reason: 'A setting cannot be read: got "${x}".' });
    await turn(one, NOW);
    await endUnknown(db, NOW + HOUR_MS);
    await turn(one, NOW + HOUR_MS);
    expect(events().map(({ severity, description }) => [severity, description])).toEqual([
      ['alert', 'The backup status is unknown: A setting cannot be read: got "{x}".'],
      ['normal', 'The backup status is known again; it was unknown since 2026-11-23 12:00:00 UTC.'],
    ]);
  });
});
