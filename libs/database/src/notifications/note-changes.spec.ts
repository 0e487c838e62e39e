import { DAY_MS, HOUR_MS, keys, NOW, useNotifications } from '../spec/use-notifications.js';
import { claimHeads } from './claim-notifications.js';
import { removeOldNotifications } from './note-changes.js';
import { readUnknownSpells } from './read-unknown-spells.js';
import { settleNotifications } from './settle-notifications.js';
import { endUnknown, seeUnknown, UNSEEN_MS } from './unknown-spells.js';

const world = useNotifications();
const { raise, clear, dismissUntil, note, noted } = world;

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
    await world.database.owner.query(
      'INSERT INTO alert_dismissal VALUES ($1, now(), current_user)',
      [dismissed],
    );
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
      const claimed = await claimHeads(world.notifier, 'webhook', now, 10);
      await settleNotifications(world.notifier, 'webhook', claimed, { outcome: 'told', now });
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

describe('an unknown spell', () => {
  const open = async () => (await readUnknownSpells(world.notifier, { endedAfter: NOW }))[0];

  it('is one for any number of replicas, and has the latest reason', async () => {
    await Promise.all(
      [1, 2, 3].map(() =>
        seeUnknown(world.notifier, NOW, { sinceAt: NOW - HOUR_MS, reason: 'why' }),
      ),
    );
    await seeUnknown(world.notifier, NOW + 1_000, { sinceAt: NOW, reason: 'and why else' });
    expect(await readUnknownSpells(world.notifier, { endedAfter: NOW })).toEqual([
      {
        unknownId: expect.any(String),
        beganAt: NOW - HOUR_MS,
        endedAt: null,
        reason: 'and why else',
      },
    ]);
  });

  it('ends when no replica has seen it for a minute', async () => {
    await seeUnknown(world.notifier, NOW, { sinceAt: NOW, reason: 'why' });
    await endUnknown(world.notifier, NOW + UNSEEN_MS - 1);
    expect((await open())?.endedAt).toBeNull();
    await endUnknown(world.notifier, NOW + UNSEEN_MS);
    expect((await open())?.endedAt).toBe(NOW + UNSEEN_MS);
    await seeUnknown(world.notifier, NOW + HOUR_MS, { sinceAt: NOW + HOUR_MS, reason: 'again' });
    expect(await readUnknownSpells(world.notifier, { endedAfter: NOW })).toHaveLength(2);
  });

  it('has notifications like an alert, when it begins and when it ends', async () => {
    await seeUnknown(world.notifier, NOW, { sinceAt: NOW, reason: 'why' });
    await note(NOW);
    await endUnknown(world.notifier, NOW + UNSEEN_MS);
    await note(NOW + UNSEEN_MS);
    const { unknownId } = (await open())!;
    expect(await noted()).toEqual([`${unknownId} raised`, `${unknownId} cleared`]);
  });
});

it('notifications that were settled long ago are removed, except those of active alerts', async () => {
  const active = await raise();
  await note(NOW - 2_000);
  const old = await raise({ fqdn: 'engine-2', clearedAt: NOW - 1_000 });
  await note(NOW);
  for (const change of ['raised', 'cleared'] as const)
    await settleNotifications(
      world.notifier,
      'webhook',
      [active, old].map((subjectId) => ({ subjectId, change })),
      { outcome: 'told', now: NOW },
    );
  await removeOldNotifications(world.notifier, NOW + 99 * DAY_MS);
  expect(await noted()).toHaveLength(3);
  await removeOldNotifications(world.notifier, NOW + 101 * DAY_MS);
  expect(await noted()).toEqual([`${active} raised`]);
});
