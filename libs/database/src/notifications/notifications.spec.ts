import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { CLAIM_MS, claimBatch, claimHeads, type Notification } from './claim-notifications.js';
import { readDestinations, recordDestination } from './destination-health.js';
import { noteChanges, removeOldNotifications } from './note-changes.js';
import { postponeNotifications, settleNotifications } from './settle-notifications.js';
import { endUnknown, readUnknownSpells, seeUnknown, UNSEEN_MS } from './unknown-spells.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let database: TestDatabase;
let notifier: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  notifier = await dataSourceFor(database.urls.notifier).initialize();
});
afterAll(async () => {
  await notifier?.destroy();
  await database?.drop();
});
beforeEach(() =>
  database.owner.query(
    'TRUNCATE alert, alert_dismissal, notification, notification_destination, unknown_spell',
  ),
);

interface Given {
  readonly fqdn?: string;
  readonly sequence?: number;
  readonly clearedAt?: number;
}

/** @returns its id */
async function raise({ fqdn = 'engine-1', sequence = 1, clearedAt }: Given = {}): Promise<string> {
  const id = randomUUID();
  await database.owner.query(
    `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message, cleared_at, cleared_sequence, reason)
     VALUES ($1, 'ENGINE_NO_FULL_BACKUP', $2, to_timestamp($4::float8), to_timestamp($4::float8), 1, $3::int, 'no backup',
       to_timestamp($5::float8), $3::int + 1, 'full_backup')`,
    [id, fqdn, sequence, NOW / 1000 - 7200, clearedAt === undefined ? null : clearedAt / 1000],
  );
  return id;
}
const clear = (id: string, at: number) =>
  database.owner.query(
    `UPDATE alert SET cleared_at = to_timestamp($2::float8) WHERE alert_id = $1`,
    [id, at / 1000],
  );
const note = (now: number, isReadByPeople = false, destination = 'webhook') =>
  noteChanges(notifier, { destination, now, isReadByPeople });
const noted = async (destination = 'webhook') => {
  const rows: { subject_id: string; change: string }[] = await database.owner.query(
    'SELECT subject_id, change FROM notification WHERE destination = $1 ORDER BY stream, position',
    [destination],
  );
  return rows.map(({ subject_id, change }) => `${subject_id} ${change}`);
};
const keys = (claimed: readonly Notification[]) =>
  claimed.map(({ subjectId, change }) => `${subjectId} ${change}`);

describe('what is noted for a destination', () => {
  it('is every active alert, and nothing that was over before it was configured', async () => {
    await raise({ fqdn: 'engine-2', clearedAt: NOW - HOUR_MS });
    await raise({ fqdn: 'engine-3', clearedAt: NOW - 10_000 });
    const active = await raise();
    await note(NOW);
    await note(NOW + 1_000);
    expect(await noted()).toEqual([`${active} raised`]);
  });

  it('is once what is noted twice, by however many replicas', async () => {
    const active = await raise();
    await Promise.all(Array.from({ length: 4 }, () => note(NOW)));
    expect(await noted()).toEqual([`${active} raised`]);
  });

  it('is an alert that came and went while no notifier ran', async () => {
    await note(NOW);
    const brief = await raise({ clearedAt: NOW + HOUR_MS });
    await note(NOW + 2 * HOUR_MS);
    expect(await noted()).toEqual([`${brief} raised`, `${brief} cleared`]);
  });

  it('is nothing that comes before what was noted already: the order of an engine holds', async () => {
    await raise({ clearedAt: NOW - 10_000 });
    const active = await raise({ sequence: 3 });
    await note(NOW);
    await note(NOW + 1_000);
    expect(await noted()).toEqual([`${active} raised`]);
  });

  it('is the end of what was noted, however long no notifier ran', async () => {
    const active = await raise();
    await note(NOW);
    await clear(active, NOW + DAY_MS);
    await note(NOW + 30 * DAY_MS);
    expect(await noted()).toEqual([`${active} raised`, `${active} cleared`]);
  });

  it('is not what came and went more than three days ago', async () => {
    await note(NOW);
    await raise({ clearedAt: NOW + DAY_MS });
    await note(NOW + 30 * DAY_MS);
    expect(await noted()).toEqual([]);
  });

  it('is what was cleared just before the last look, since its transaction may have ended after it', async () => {
    const active = await raise();
    await note(NOW);
    await clear(active, NOW - 20_000);
    await note(NOW + 1_000);
    expect(await noted()).toEqual([`${active} raised`, `${active} cleared`]);
  });

  it('is what is cleared after the clock was put back', async () => {
    const active = await raise();
    await note(NOW);
    await clear(active, NOW - 2 * HOUR_MS);
    await note(NOW - 2 * HOUR_MS);
    expect(await noted()).toEqual([`${active} raised`, `${active} cleared`]);
  });

  it('leaves out for people what somebody has dismissed, and for machines nothing', async () => {
    const dismissed = await raise();
    await database.owner.query('INSERT INTO alert_dismissal VALUES ($1, now(), current_user)', [
      dismissed,
    ]);
    await note(NOW, true, 'mail');
    await note(NOW, false, 'webhook');
    expect([await noted('mail'), await noted('webhook')]).toEqual([[], [`${dismissed} raised`]]);
  });
});

describe('claiming one by one', () => {
  it('gives each to one replica only', async () => {
    for (const fqdn of ['a', 'b', 'c', 'd', 'e', 'f']) await raise({ fqdn });
    await note(NOW);
    const claimed = await Promise.all(
      Array.from({ length: 4 }, () => claimHeads(notifier, 'webhook', NOW, 100)),
    );
    expect(
      claimed
        .flat()
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  });

  it('gives the second of an engine only after the first has an outcome', async () => {
    await note(NOW - 2_000);
    const id = await raise({ clearedAt: NOW - 1_000 });
    await note(NOW);
    const first = await claimHeads(notifier, 'webhook', NOW, 100);
    expect(keys(first)).toEqual([`${id} raised`]);
    expect(await claimHeads(notifier, 'webhook', NOW, 100)).toEqual([]);
    await settleNotifications(notifier, 'webhook', first, { outcome: 'told', now: NOW });
    expect(keys(await claimHeads(notifier, 'webhook', NOW, 100))).toEqual([`${id} cleared`]);
  });

  it('gives what a replica died with to another, after a while', async () => {
    const id = await raise();
    await note(NOW);
    await claimHeads(notifier, 'webhook', NOW, 100);
    expect(await claimHeads(notifier, 'webhook', NOW + CLAIM_MS - 1, 100)).toEqual([]);
    const [again] = await claimHeads(notifier, 'webhook', NOW + CLAIM_MS, 100);
    expect(again).toMatchObject({ subjectId: id, tries: 2 });
  });

  it('waits as long as it was postponed, and no longer when the clock is put back', async () => {
    await raise();
    await note(NOW);
    const claimed = await claimHeads(notifier, 'webhook', NOW, 100);
    await postponeNotifications(notifier, 'webhook', claimed, {
      dueAt: NOW + HOUR_MS,
      error: 'answered 500',
      isUnarrived: false,
      counts: true,
    });
    expect(await claimHeads(notifier, 'webhook', NOW + HOUR_MS - 1, 100)).toEqual([]);
    expect(await claimHeads(notifier, 'webhook', NOW - 30 * DAY_MS, 100)).toHaveLength(1);
  });

  it('leaves alone a claim that another has taken over, when the first replica gives it up late', async () => {
    await raise();
    await note(NOW);
    const late = await claimHeads(notifier, 'webhook', NOW, 100);
    await claimHeads(notifier, 'webhook', NOW + CLAIM_MS, 100);
    await postponeNotifications(notifier, 'webhook', late, {
      dueAt: NOW,
      error: null,
      isUnarrived: false,
      counts: true,
    });
    expect(await claimHeads(notifier, 'webhook', NOW + CLAIM_MS, 100)).toEqual([]);
  });
});

describe('claiming all together', () => {
  const claim = (now: number) =>
    claimBatch(notifier, 'mail', now, { batch: randomUUID(), gatherMs: 120_000 });

  it('takes what is there at once, and gathers what comes within two minutes of it', async () => {
    await raise({ fqdn: 'a' });
    await note(NOW, true, 'mail');
    const first = await claim(NOW);
    expect(first).toHaveLength(1);
    await settleNotifications(notifier, 'mail', first, { outcome: 'told', now: NOW });
    for (const [fqdn, at] of [
      ['b', NOW + 1_000],
      ['c', NOW + 100_000],
    ] as const) {
      await raise({ fqdn });
      await note(at, true, 'mail');
    }
    expect(await claim(NOW + 119_999)).toEqual([]);
    expect(await claim(NOW + 120_000)).toHaveLength(2);
  });

  it('gives a batch to one replica only', async () => {
    for (const fqdn of ['a', 'b', 'c']) await raise({ fqdn });
    await note(NOW, true, 'mail');
    const claims = await Promise.all(Array.from({ length: 4 }, () => claim(NOW + 120_000)));
    expect(claims.map(({ length }) => length).sort()).toEqual([0, 0, 0, 3]);
  });

  it('is the same again after a replica died with it, whatever came meanwhile', async () => {
    await raise({ fqdn: 'a' });
    await note(NOW, true, 'mail');
    const [first] = await claim(NOW + 120_000);
    await raise({ fqdn: 'b' });
    await note(NOW + 130_000, true, 'mail');
    const again = await claim(NOW + 120_000 + CLAIM_MS);
    expect(again.map(({ stream, batch }) => ({ stream, batch }))).toEqual([
      { stream: 'a', batch: first!.batch },
    ]);
  });

  it('is one with what came meanwhile, where it has certainly not arrived', async () => {
    await raise({ fqdn: 'a' });
    await note(NOW, true, 'mail');
    const claimed = await claim(NOW + 120_000);
    await postponeNotifications(notifier, 'mail', claimed, {
      dueAt: NOW + HOUR_MS,
      error: 'connection refused',
      isUnarrived: true,
      counts: true,
    });
    await raise({ fqdn: 'b' });
    await note(NOW + HOUR_MS, true, 'mail');
    const again = await claim(NOW + HOUR_MS);
    expect(again.map(({ stream }) => stream).sort()).toEqual(['a', 'b']);
  });
});

describe('a spell in which nothing is known', () => {
  const open = async () => (await readUnknownSpells(notifier, { endedAfter: NOW }))[0];

  it('is one, however many replicas see it, and has the latest reason', async () => {
    await Promise.all(
      [1, 2, 3].map(() => seeUnknown(notifier, NOW, { sinceAt: NOW - HOUR_MS, reason: 'why' })),
    );
    await seeUnknown(notifier, NOW + 1_000, { sinceAt: NOW, reason: 'and why else' });
    expect(await readUnknownSpells(notifier, { endedAfter: NOW })).toEqual([
      {
        unknownId: expect.any(String),
        beganAt: NOW - HOUR_MS,
        endedAt: null,
        reason: 'and why else',
      },
    ]);
  });

  it('ends when no replica has seen it for a minute', async () => {
    await seeUnknown(notifier, NOW, { sinceAt: NOW, reason: 'why' });
    await endUnknown(notifier, NOW + UNSEEN_MS - 1);
    expect((await open())?.endedAt).toBeNull();
    await endUnknown(notifier, NOW + UNSEEN_MS);
    expect((await open())?.endedAt).toBe(NOW + UNSEEN_MS);
    await seeUnknown(notifier, NOW + HOUR_MS, { sinceAt: NOW + HOUR_MS, reason: 'again' });
    expect(await readUnknownSpells(notifier, { endedAfter: NOW })).toHaveLength(2);
  });

  it('is noted as an alert is, when it begins and when it ends', async () => {
    await seeUnknown(notifier, NOW, { sinceAt: NOW, reason: 'why' });
    await note(NOW);
    await endUnknown(notifier, NOW + UNSEEN_MS);
    await note(NOW + UNSEEN_MS);
    const { unknownId } = (await open())!;
    expect(await noted()).toEqual([`${unknownId} raised`, `${unknownId} cleared`]);
  });
});

it('a destination fails since the first of its failures, until it goes well', async () => {
  const health = async () => (await readDestinations(notifier))[0];
  await recordDestination(notifier, 'webhook', NOW, 'refused');
  await recordDestination(notifier, 'webhook', NOW + 1_000, 'no answer');
  expect(await health()).toMatchObject({ failingSince: NOW, lastError: 'no answer' });
  await recordDestination(notifier, 'webhook', NOW + 2_000, undefined);
  expect(await health()).toEqual({
    destination: 'webhook',
    seenAt: NOW + 2_000,
    lastSuccessAt: NOW + 2_000,
    failingSince: null,
    lastError: null,
  });
});

it('what was settled long ago goes, but for an alert that is still active', async () => {
  const active = await raise();
  await note(NOW - 2_000);
  const old = await raise({ fqdn: 'engine-2', clearedAt: NOW - 1_000 });
  await note(NOW);
  for (const change of ['raised', 'cleared'] as const)
    await settleNotifications(
      notifier,
      'webhook',
      [active, old].map((subjectId) => ({ subjectId, change })),
      { outcome: 'told', now: NOW },
    );
  await removeOldNotifications(notifier, NOW + 99 * DAY_MS);
  expect(await noted()).toHaveLength(3);
  await removeOldNotifications(notifier, NOW + 101 * DAY_MS);
  expect(await noted()).toEqual([`${active} raised`]);
});
