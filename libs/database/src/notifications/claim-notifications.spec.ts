import { randomUUID } from 'node:crypto';
import { DAY_MS, HOUR_MS, keys, NOW, useNotifications } from '../spec/use-notifications.js';
import { CLAIM_MS, claimBatch, claimHeads, type Notification } from './claim-notifications.js';
import { endFailure, readDestinations, recordDestination } from './destination-health.js';
import { noteChanges } from './note-changes.js';
import { postponeNotifications, settleNotifications } from './settle-notifications.js';
import { startDestination } from './start-destination.js';

const world = useNotifications();
const { raise, note, noted } = world;

describe('claiming one by one', () => {
  it('gives each to one replica only', async () => {
    for (const fqdn of ['a', 'b', 'c', 'd', 'e', 'f']) await raise({ fqdn });
    await note(NOW);
    const claimed = await Promise.all(
      Array.from({ length: 4 }, () => claimHeads(world.notifier, 'webhook', NOW, 100)),
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
    const first = await claimHeads(world.notifier, 'webhook', NOW, 100);
    expect(keys(first)).toEqual([`${id} raised`]);
    expect(await claimHeads(world.notifier, 'webhook', NOW, 100)).toEqual([]);
    await settleNotifications(world.notifier, 'webhook', first, { outcome: 'told', now: NOW });
    expect(keys(await claimHeads(world.notifier, 'webhook', NOW, 100))).toEqual([`${id} cleared`]);
  });

  it('gives the claims of a dead replica to another after they expire', async () => {
    const id = await raise();
    await note(NOW);
    await claimHeads(world.notifier, 'webhook', NOW, 100);
    expect(await claimHeads(world.notifier, 'webhook', NOW + CLAIM_MS - 1, 100)).toEqual([]);
    const [again] = await claimHeads(world.notifier, 'webhook', NOW + CLAIM_MS, 100);
    expect(again).toMatchObject({ subjectId: id, tries: 2 });
  });

  it('waits as long as a notification was postponed, and no longer when the clock is set back', async () => {
    await raise();
    await note(NOW);
    const claimed = await claimHeads(world.notifier, 'webhook', NOW, 100);
    await postponeNotifications(world.notifier, 'webhook', claimed, {
      dueAt: NOW + HOUR_MS,
      error: 'answered 500',
      isUnarrived: false,
      counts: true,
    });
    expect(await claimHeads(world.notifier, 'webhook', NOW + HOUR_MS - 1, 100)).toEqual([]);
    expect(await claimHeads(world.notifier, 'webhook', NOW - 30 * DAY_MS, 100)).toHaveLength(1);
  });

  it('keeps a claim that another replica has taken over when the first one releases it late', async () => {
    await raise();
    await note(NOW);
    const late = await claimHeads(world.notifier, 'webhook', NOW, 100);
    await claimHeads(world.notifier, 'webhook', NOW + CLAIM_MS, 100);
    await postponeNotifications(world.notifier, 'webhook', late, {
      dueAt: NOW,
      error: null,
      isUnarrived: false,
      counts: true,
    });
    expect(await claimHeads(world.notifier, 'webhook', NOW + CLAIM_MS, 100)).toEqual([]);
  });
});

describe('claiming a batch', () => {
  const claim = (now: number) =>
    claimBatch(world.notifier, 'mail', now, { batch: randomUUID(), gatherMs: 120_000 });

  it('takes what is pending at once, and gathers what follows within two minutes', async () => {
    await raise({ fqdn: 'a' });
    await note(NOW, true, 'mail');
    const first = await claim(NOW);
    expect(first).toHaveLength(1);
    await settleNotifications(world.notifier, 'mail', first, { outcome: 'told', now: NOW });
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
    await postponeNotifications(world.notifier, 'mail', claimed, {
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
  const startAt = (address: string) =>
    startDestination(world.notifier, 'webhook', { address, now: NOW });
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
    await noteChanges(world.notifier, at('former'));
    expect(await noted()).toEqual([]);
    await noteChanges(world.notifier, at('present'));
    expect(await claimHeads(world.notifier, 'webhook', NOW, 10, 'former')).toEqual([]);
    expect(keys(await claimHeads(world.notifier, 'webhook', NOW, 10, 'present'))).toEqual([
      `${active} raised`,
    ]);
  });

  it.each([
    [
      'settled',
      (late: Notification[]) =>
        settleNotifications(world.notifier, 'webhook', late, {
          outcome: 'told',
          now: NOW,
          address: 'former',
        }),
    ],
    [
      'postponed',
      (late: Notification[]) =>
        postponeNotifications(world.notifier, 'webhook', late, {
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
      await noteChanges(world.notifier, at('former'));
      const late = await claimHeads(world.notifier, 'webhook', NOW, 10, 'former');
      await startAt('present');
      await noteChanges(world.notifier, at('present'));
      const claimed = await claimHeads(world.notifier, 'webhook', NOW, 10, 'present');
      expect(claimed).toEqual(late);
      await end(late);
      // Still that of the replica with the present URL, and pending.
      expect(await claimHeads(world.notifier, 'webhook', NOW, 10, 'present')).toEqual([]);
      expect(
        await claimHeads(world.notifier, 'webhook', NOW + CLAIM_MS, 10, 'present'),
      ).toHaveLength(1);
    },
  );
});

it('a destination is failing from its first failure until it succeeds', async () => {
  const health = async () => (await readDestinations(world.notifier))[0];
  await recordDestination(world.notifier, 'webhook', NOW, 'refused');
  await recordDestination(world.notifier, 'webhook', NOW + 1_000, 'no answer');
  expect(await health()).toMatchObject({ failingSince: NOW, lastError: 'no answer' });
  await recordDestination(world.notifier, 'webhook', NOW + 2_000, undefined);
  expect(await health()).toEqual({
    destination: 'webhook',
    seenAt: NOW + 2_000,
    lastSuccessAt: NOW + 2_000,
    failingSince: null,
    lastError: null,
  });
});

it('the failure of a destination ends without a success once nothing is pending, and not before', async () => {
  const health = async () => (await readDestinations(world.notifier))[0];
  await raise();
  await note(NOW);
  await recordDestination(world.notifier, 'webhook', NOW, 'permission denied');
  expect(await endFailure(world.notifier, 'webhook')).toBe(false);
  expect(await health()).toMatchObject({ failingSince: NOW, lastError: 'permission denied' });
  const claimed = await claimHeads(world.notifier, 'webhook', NOW, 1);
  await settleNotifications(world.notifier, 'webhook', claimed, { outcome: 'not_told', now: NOW });
  expect(await endFailure(world.notifier, 'webhook')).toBe(true);
  expect(await health()).toMatchObject({
    failingSince: null,
    lastError: null,
    lastSuccessAt: null,
  });
});

it('the name of a destination may be long, as that of a host', async () => {
  const name = `alertmanager ${'a'.repeat(240)}.example.com:9093/path`;
  await recordDestination(world.notifier, name, NOW, undefined);
  await note(NOW, false, name);
  expect(await readDestinations(world.notifier)).toMatchObject([{ destination: name }]);
});
