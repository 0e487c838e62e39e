import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { readOutbox } from '../outbox/outbox.js';
import { addEngine, addEngines } from './add-engine.js';
import { listEngines } from './list-engines.js';
import { readOptions, setOption } from './options.js';
import { RefusedError } from './refused-error.js';
import { registerEngine } from './register-engine.js';
import { retireEngines } from './retire-engines.js';
import { setEngineAlertPeriod } from './set-engine-alert-period.js';
import { acceptsReportsOfAnyUser, setEngineBrokerUser } from './set-engine-broker-user.js';

let database: TestDatabase;
let owner: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = database.owner;
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await owner.query('TRUNCATE outbox, engine');
  await owner.query('UPDATE vdc_options SET option_value = default_value, changed_at = NULL');
});

const fqdn = 'engine.example.com';
const who = 'root';

async function outboxEvents(): Promise<
  { name: string; data: Record<string, unknown>; source: string }[]
> {
  const pending = await readOutbox(owner, 100);
  return pending.map(({ event }) => ({
    name: event.name,
    data: event.data as Record<string, unknown>,
    source: event.source,
  }));
}

const versionOf = async (name: string): Promise<number> =>
  (await owner.query('SELECT version FROM engine WHERE fqdn = $1', [name]))[0].version;

describe('a setting', () => {
  const name = 'BackupCheckPeriodInHours';
  const stored = async () => (await readOptions(owner)).find((option) => option.name === name);

  test('is stored with the time of its change, and the event has who, from and to', async () => {
    const change = await setOption(owner, { name, value: '2', who });
    expect(change).toEqual({ outcome: 'changed', name, from: '6', to: '2' });
    const option = await stored();
    expect(option).toMatchObject({ value: '2', defaultValue: '6' });
    const when = option?.changedAt?.toISOString();
    expect(await outboxEvents()).toEqual([
      {
        name: 'SettingChanged',
        source: '/ovirt/backup-awareness',
        data: { who, what: name, from: '6', to: '2', when },
      },
    ]);
  });

  test('that keeps its value makes no event', async () => {
    expect(await setOption(owner, { name, value: '6', who })).toMatchObject({
      outcome: 'unchanged',
    });
    expect(await stored()).toMatchObject({ value: '6', changedAt: null });
    expect(await outboxEvents()).toEqual([]);
  });

  test.each(['0', '-2', 'x', '1e999', 'NaN', ''])('is not set to %p', async (value) => {
    const refused: unknown = await setOption(owner, { name, value, who }).catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(RefusedError);
    expect((refused as RefusedError).invalid).toMatchObject({
      path: name,
      got: `"${value}"`,
    });
    expect(await stored()).toMatchObject({ value: '6' });
    expect(await outboxEvents()).toEqual([]);
  });

  test('that does not exist is refused, and so is a change without an author', async () => {
    await expect(setOption(owner, { name: 'Unknown', value: '1', who })).rejects.toThrow(
      /one of .*BackupCheckPeriodInHours/,
    );
    await expect(setOption(owner, { name, value: '1', who: ' ' })).rejects.toThrow('who: expected');
  });

  test('changed by several at once makes one chain of events', async () => {
    await Promise.all(['1', '2', '3', '4'].map((value) => setOption(owner, { name, value, who })));
    const changes = (await outboxEvents()).map(({ data }) => data);
    expect(changes).toHaveLength(4);
    changes.reduce((from, { from: next, to }) => {
      expect(next).toBe(from);
      return to as string;
    }, '6');
    expect(changes.map(({ when }) => when)).toEqual(changes.map(({ when }) => when).toSorted());
    expect((await stored())?.value).toBe(changes.at(-1)?.to);
  });
});

describe('an engine', () => {
  test('that is added is monitored from now on, under its normalised name', async () => {
    const added = await addEngine(owner, { fqdn: 'Engine.Example.COM.', who });
    expect(added).toMatchObject({ outcome: 'added', fqdn });
    expect(await outboxEvents()).toEqual([
      {
        name: 'EngineAdded',
        source: `/ovirt/engines/${fqdn}`,
        data: {
          who,
          what: 'engine',
          from: null,
          to: 'watched',
          when: added.watchedSince.toISOString(),
          fqdn,
        },
      },
    ]);
    expect(await versionOf(fqdn)).toBe(1);
  });

  test('added with a period of its own has it, and there is an event for that too', async () => {
    await addEngine(owner, { fqdn, who, alertPeriodDays: '2.5' });
    expect(await listEngines(owner)).toMatchObject([{ fqdn, alertPeriodDays: 2.5 }]);
    expect((await outboxEvents()).map(({ name, data }) => [name, data.from, data.to])).toEqual([
      ['EngineAdded', null, 'watched'],
      ['SettingChanged', null, '2.5'],
    ]);
  });

  test('that is already monitored is not added again, but decided again', async () => {
    await owner.query(`INSERT INTO engine (fqdn) VALUES ($1)`, [fqdn]);
    const [before] = await listEngines(owner);
    const again = await addEngine(owner, { fqdn, who, alertPeriodDays: '3' });
    expect(again).toEqual({
      outcome: 'already_watched',
      fqdn,
      watchedSince: before?.watchedSince,
      brokerUser: null,
    });
    expect(await listEngines(owner)).toEqual([before]);
    expect(await versionOf(fqdn)).toBe(1);
    expect(await outboxEvents()).toEqual([]);
  });

  test('that was retired is monitored again when it is added', async () => {
    await addEngine(owner, { fqdn, who, alertPeriodDays: '3' });
    expect(await retireEngines(owner, { fqdns: [fqdn], who })).toEqual([
      { outcome: 'retired', fqdn },
    ]);
    expect((await listEngines(owner))[0]?.retiredAt).not.toBeNull();
    const revived = await addEngine(owner, { fqdn, who });
    expect(revived.outcome).toBe('revived');
    expect(await listEngines(owner)).toMatchObject([
      { fqdn, retiredAt: null, watchedSince: revived.watchedSince, alertPeriodDays: 3 },
    ]);
    expect((await outboxEvents()).map(({ name, data }) => [name, data.from, data.to])).toEqual([
      ['EngineAdded', null, 'watched'],
      ['SettingChanged', null, '3'],
      ['EngineRetired', 'watched', 'retired'],
      ['EngineAdded', 'retired', 'watched'],
    ]);
    expect(await versionOf(fqdn)).toBe(3);
  });

  test('that is retired has an event with the time since which it was monitored', async () => {
    await owner.query(`INSERT INTO engine (fqdn, watched_since) VALUES ($1, '2026-05-01T21:00Z')`, [
      fqdn,
    ]);
    await retireEngines(owner, { fqdns: [fqdn], who });
    expect((await outboxEvents()).map(({ data }) => data.watched_since)).toEqual([
      '2026-05-01T21:00:00.000Z',
    ]);
  });

  test('that is already retired or unknown is not retired', async () => {
    expect(await retireEngines(owner, { fqdns: [fqdn], who })).toEqual([
      { outcome: 'unknown_engine', fqdn },
    ]);
    await addEngine(owner, { fqdn, who });
    await retireEngines(owner, { fqdns: [fqdn], who });
    expect(await retireEngines(owner, { fqdns: [fqdn], who })).toEqual([
      { outcome: 'already_retired', fqdn },
    ]);
    expect(await outboxEvents()).toHaveLength(2);
  });

  test('can get a period of its own, and return to the general one', async () => {
    await addEngine(owner, { fqdn, who });
    const set = (days: string | null) => setEngineAlertPeriod(owner, { fqdn, days, who });
    expect(await set('2')).toEqual({ outcome: 'changed', fqdn, from: null, to: '2' });
    expect(await set('2.0')).toMatchObject({ outcome: 'unchanged' });
    expect(await set(null)).toEqual({ outcome: 'changed', fqdn, from: '2', to: null });
    expect(await set(null)).toMatchObject({ outcome: 'unchanged' });
    await expect(set('0')).rejects.toThrow(RefusedError);
    expect(await versionOf(fqdn)).toBe(3);
    const what = 'BackupAlertPeriodInDays';
    expect((await outboxEvents()).slice(1)).toMatchObject([
      {
        name: 'SettingChanged',
        source: `/ovirt/engines/${fqdn}`,
        data: { what, from: null, to: '2', fqdn },
      },
      {
        name: 'SettingChanged',
        source: `/ovirt/engines/${fqdn}`,
        data: { what, from: '2', to: null, fqdn },
      },
    ]);
    expect(
      await setEngineAlertPeriod(owner, { fqdn: 'nobody.example.com', days: '1', who }),
    ).toMatchObject({ outcome: 'unknown_engine' });
  });

  test('added and retired by several at once has events in the order of the changes', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 ? addEngine(owner, { fqdn, who }) : retireEngines(owner, { fqdns: [fqdn], who }),
      ),
    );
    const events = await outboxEvents();
    let state: unknown = null;
    for (const { data } of events) {
      expect(data.from).toBe(state);
      state = data.to;
    }
    const [engine] = await listEngines(owner);
    expect(state).toBe(engine?.retiredAt ? 'retired' : 'watched');
  });

  test('among many is added, monitored again, or left as it is, each with its events', async () => {
    await addEngine(owner, { fqdn: 'known.example.com', who, alertPeriodDays: '3' });
    await addEngine(owner, { fqdn: 'retired.example.com', who });
    await retireEngines(owner, { fqdns: ['retired.example.com'], who });
    await owner.query('DELETE FROM outbox');
    const many = Array.from({ length: 1_100 }, (_, index) => `many-${index}.example.com`);
    const fqdns = ['Retired.example.com', 'known.example.com', ...many, 'known.example.com.'];
    const steps: number[] = [];
    const added = await addEngines(owner, { fqdns, who, alertPeriodDays: '2' }, (done) =>
      steps.push(done),
    );
    expect(added.map((one) => [one.fqdn, one.outcome])).toEqual([
      ['retired.example.com', 'revived'],
      ['known.example.com', 'already_watched'],
      ...many.map((name) => [name, 'added']),
    ]);
    expect(steps).toEqual([500, 1_000, 1_102]);
    const listed = await listEngines(owner);
    expect(listed.filter(({ retiredAt }) => retiredAt !== null)).toEqual([]);
    expect(new Map(listed.map((one) => [one.fqdn, one.alertPeriodDays]))).toEqual(
      new Map([
        ['known.example.com', 3],
        ...['retired.example.com', ...many].map((name) => [name, 2] as const),
      ]),
    );
    const counts = await owner.query(
      `SELECT name, count(DISTINCT data ->> 'fqdn')::int AS engines, count(*)::int AS events FROM outbox GROUP BY name ORDER BY name`,
    );
    expect(counts).toEqual([
      { name: 'EngineAdded', engines: 1_101, events: 1_101 },
      { name: 'SettingChanged', engines: 1_101, events: 1_101 },
    ]);
    const [first] = await outboxEvents();
    expect(first).toMatchObject({
      name: 'EngineAdded',
      data: { fqdn: 'retired.example.com', from: 'retired', to: 'watched' },
    });
  });

  test('among many of which one is invalid is not added', async () => {
    await expect(addEngines(owner, { fqdns: [fqdn, 'a b'], who })).rejects.toThrow('a host name');
    expect(await listEngines(owner)).toEqual([]);
  });

  test('can be registered with the owner’s URL alone', async () => {
    expect(await registerEngine(database.ownerUrl, fqdn, 'npm start')).toMatchObject({
      outcome: 'added',
      fqdn,
    });
  });

  test('accepts reports of any broker user while it is monitored and has none of its own', async () => {
    const accepts = () => acceptsReportsOfAnyUser(owner, fqdn);
    expect(await accepts()).toBe(false);
    await addEngine(owner, { fqdn, who });
    expect(await accepts()).toBe(true);
    await setEngineBrokerUser(owner, { fqdn, brokerUser: 'engine1', who });
    expect(await accepts()).toBe(false);
    await setEngineBrokerUser(owner, { fqdn, brokerUser: null, who });
    await retireEngines(owner, { fqdns: [fqdn], who });
    expect(await accepts()).toBe(false);
  });

  test('is not added without a valid host name', async () => {
    for (const name of ['', '.', 'a b', 'ü.example.com'])
      await expect(addEngine(owner, { fqdn: name, who })).rejects.toThrow('a host name');
  });
});
