import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { CLAIM_MS, claimBatch, claimHeads, type Notification } from './claim-notifications.js';
import { endFailure, readDestinations, recordDestination } from './destination-health.js';
import { noteChanges, removeOldNotifications } from './note-changes.js';
import { readUnknownSpells } from './read-unknown-spells.js';
import { postponeNotifications, settleNotifications } from './settle-notifications.js';
import { startDestination } from './start-destination.js';
import { endUnknown, seeUnknown, UNSEEN_MS } from './unknown-spells.js';

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
const dismissUntil = (id: string, until: number) =>
  database.owner.query(
    `INSERT INTO alert_dismissal (alert_id, dismissed_at, dismissed_by, dismissed_until)
     VALUES ($1, now(), 'jane', to_timestamp($2::float8))
     ON CONFLICT (alert_id) DO UPDATE SET dismissed_until = excluded.dismissed_until`,
    [id, until / 1000],
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

describe('the notifications that are added for a destination', () => {
  it('include every active alert, and none that was cleared before the destination was configured', async () => {
    await raise({ fqdn: 'engine-2', clearedAt: NOW - HOUR_MS });
    await raise({ fqdn: 'engine-3', clearedAt: NOW - 10_000 });
    const active = await raise();
    await note(NOW);
    await note(NOW + 1_000);
    expect(await noted()).toEqual([`${active} raised`]);
  });

  it('are added once by any number of replicas', async () => {
    const active = await raise();
    await Promise.all(Array.from({ length: 4 }, () => note(NOW)));
    expect(await noted()).toEqual([`${active} raised`]);
  });

  it('include an alert that was raised and cleared while no notifier ran', async () => {
    await note(NOW);
    const brief = await raise({ clearedAt: NOW + HOUR_MS });
    await note(NOW + 2 * HOUR_MS);
    expect(await noted()).toEqual([`${brief} raised`, `${brief} cleared`]);
  });

  it('do not include a change that is older than an added one of the same engine', async () => {
    await raise({ clearedAt: NOW - 10_000 });
    const active = await raise({ sequence: 3 });
    await note(NOW);
    await note(NOW + 1_000);
    expect(await noted()).toEqual([`${active} raised`]);
  });

  it('include the end of an added alert, however long no notifier ran', async () => {
    const active = await raise();
    await note(NOW);
    await clear(active, NOW + DAY_MS);
    await note(NOW + 30 * DAY_MS);
    expect(await noted()).toEqual([`${active} raised`, `${active} cleared`]);
  });

  it('do not include an alert that was raised and cleared more than three days ago', async () => {
    await note(NOW);
    await raise({ clearedAt: NOW + DAY_MS });
    await note(NOW + 30 * DAY_MS);
    expect(await noted()).toEqual([]);
  });

  it('include what was cleared just before the previous run, whose transaction may have committed after it', async () => {
    const active = await raise();
    await note(NOW);
    await clear(active, NOW - 20_000);
    await note(NOW + 1_000);
    expect(await noted()).toEqual([`${active} raised`, `${active} cleared`]);
  });

  it('include what is cleared after the clock was set back', async () => {
    const active = await raise();
    await note(NOW);
    await clear(active, NOW - 2 * HOUR_MS);
    await note(NOW - 2 * HOUR_MS);
    expect(await noted()).toEqual([`${active} raised`, `${active} cleared`]);
  });

  it('omit dismissed alerts for people, but not for machines', async () => {
    const dismissed = await raise();
    await database.owner.query('INSERT INTO alert_dismissal VALUES ($1, now(), current_user)', [
      dismissed,
    ]);
    await note(NOW, true, 'mail');
    await note(NOW, false, 'webhook');
    expect([await noted('mail'), await noted('webhook')]).toEqual([[], [`${dismissed} raised`]]);
  });

  it('include, for people, an alert that was dismissed before once its dismissal has ended', async () => {
    const id = await raise();
    await dismissUntil(id, NOW + HOUR_MS);
    await note(NOW + HOUR_MS - 1, true);
    expect(await noted()).toEqual([]);
    await note(NOW + HOUR_MS, true);
    expect(await noted()).toEqual([`${id} raised`]);
  });

  it('become pending again once, at the end of a dismissal', async () => {
    const id = await raise();
    await note(NOW);
    const settleAll = async (now: number) => {
      const claimed = await claimHeads(notifier, 'webhook', now, 10);
      await settleNotifications(notifier, 'webhook', claimed, { outcome: 'told', now });
      return keys(claimed);
    };
    expect(await settleAll(NOW)).toEqual([`${id} raised`]);
    await dismissUntil(id, NOW + HOUR_MS);
    const told: string[][] = [];
    for (const now of [NOW + HOUR_MS - 1, NOW + HOUR_MS, NOW + DAY_MS]) {
      await note(now);
      told.push(await settleAll(now));
    }
    expect(told).toEqual([[], [`${id} raised`], []]);
    await dismissUntil(id, NOW + 2 * DAY_MS);
    await clear(id, NOW + DAY_MS);
    await note(NOW + 3 * DAY_MS);
    expect(await settleAll(NOW + 3 * DAY_MS)).toEqual([`${id} cleared`]);
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

  it('gives the second notification of an engine only after the first is settled', async () => {
    await note(NOW - 2_000);
    const id = await raise({ clearedAt: NOW - 1_000 });
    await note(NOW);
    const first = await claimHeads(notifier, 'webhook', NOW, 100);
    expect(keys(first)).toEqual([`${id} raised`]);
    expect(await claimHeads(notifier, 'webhook', NOW, 100)).toEqual([]);
    await settleNotifications(notifier, 'webhook', first, { outcome: 'told', now: NOW });
    expect(keys(await claimHeads(notifier, 'webhook', NOW, 100))).toEqual([`${id} cleared`]);
  });

  it('gives the claims of a dead replica to another after they expire', async () => {
    const id = await raise();
    await note(NOW);
    await claimHeads(notifier, 'webhook', NOW, 100);
    expect(await claimHeads(notifier, 'webhook', NOW + CLAIM_MS - 1, 100)).toEqual([]);
    const [again] = await claimHeads(notifier, 'webhook', NOW + CLAIM_MS, 100);
    expect(again).toMatchObject({ subjectId: id, tries: 2 });
  });

  it('waits as long as a notification was postponed, and no longer when the clock is set back', async () => {
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

  it('keeps a claim that another replica has taken over when the first one releases it late', async () => {
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

describe('claiming a batch', () => {
  const claim = (now: number) =>
    claimBatch(notifier, 'mail', now, { batch: randomUUID(), gatherMs: 120_000 });

  it('takes what is pending at once, and gathers what follows within two minutes', async () => {
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

  it('gives the same batch again after a replica died with it, whatever was added meanwhile', async () => {
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

  it('includes what was added meanwhile, if the batch has certainly not arrived', async () => {
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

describe('a destination whose URL has changed', () => {
  const startAt = (address: string) => startDestination(notifier, 'webhook', { address, now: NOW });
  const at = (address: string) => ({
    destination: 'webhook',
    now: NOW,
    isReadByPeople: false,
    address,
  });

  it('has nothing added or claimed by a replica with the former URL', async () => {
    await startAt('former');
    await startAt('present');
    const active = await raise();
    await noteChanges(notifier, at('former'));
    expect(await noted()).toEqual([]);
    await noteChanges(notifier, at('present'));
    expect(await claimHeads(notifier, 'webhook', NOW, 10, 'former')).toEqual([]);
    expect(keys(await claimHeads(notifier, 'webhook', NOW, 10, 'present'))).toEqual([
      `${active} raised`,
    ]);
  });

  it.each([
    [
      'settled',
      (late: Notification[]) =>
        settleNotifications(notifier, 'webhook', late, {
          outcome: 'told',
          now: NOW,
          address: 'former',
        }),
    ],
    [
      'postponed',
      (late: Notification[]) =>
        postponeNotifications(notifier, 'webhook', late, {
          dueAt: NOW,
          error: null,
          isUnarrived: false,
          counts: true,
          address: 'former',
        }),
    ],
  ])(
    'does not have its notifications %s by a replica that has sent them to the former',
    async (_, end) => {
      await startAt('former');
      await raise();
      await noteChanges(notifier, at('former'));
      const late = await claimHeads(notifier, 'webhook', NOW, 10, 'former');
      await startAt('present');
      await noteChanges(notifier, at('present'));
      const claimed = await claimHeads(notifier, 'webhook', NOW, 10, 'present');
      expect(claimed).toEqual(late);
      await end(late);
      // Still that of the replica with the present URL, and pending.
      expect(await claimHeads(notifier, 'webhook', NOW, 10, 'present')).toEqual([]);
      expect(await claimHeads(notifier, 'webhook', NOW + CLAIM_MS, 10, 'present')).toHaveLength(1);
    },
  );
});

describe('an unknown spell', () => {
  const open = async () => (await readUnknownSpells(notifier, { endedAfter: NOW }))[0];

  it('is one for any number of replicas, and has the latest reason', async () => {
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

  it('has notifications like an alert, when it begins and when it ends', async () => {
    await seeUnknown(notifier, NOW, { sinceAt: NOW, reason: 'why' });
    await note(NOW);
    await endUnknown(notifier, NOW + UNSEEN_MS);
    await note(NOW + UNSEEN_MS);
    const { unknownId } = (await open())!;
    expect(await noted()).toEqual([`${unknownId} raised`, `${unknownId} cleared`]);
  });
});

it('a destination is failing from its first failure until it succeeds', async () => {
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

it('the failure of a destination ends without a success once nothing is pending, and not before', async () => {
  const health = async () => (await readDestinations(notifier))[0];
  await raise();
  await note(NOW);
  await recordDestination(notifier, 'webhook', NOW, 'permission denied');
  expect(await endFailure(notifier, 'webhook')).toBe(false);
  expect(await health()).toMatchObject({ failingSince: NOW, lastError: 'permission denied' });
  const claimed = await claimHeads(notifier, 'webhook', NOW, 1);
  await settleNotifications(notifier, 'webhook', claimed, { outcome: 'not_told', now: NOW });
  expect(await endFailure(notifier, 'webhook')).toBe(true);
  expect(await health()).toMatchObject({
    failingSince: null,
    lastError: null,
    lastSuccessAt: null,
  });
});

it('the name of a destination may be long, as that of a host', async () => {
  const name = `alertmanager ${'a'.repeat(240)}.example.com:9093/path`;
  await recordDestination(notifier, name, NOW, undefined);
  await note(NOW, false, name);
  expect(await readDestinations(notifier)).toMatchObject([{ destination: name }]);
});

it('notifications that were settled long ago are removed, except those of active alerts', async () => {
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
