import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { readOutbox } from '../outbox/outbox.js';
import { addEngine } from './add-engine.js';
import { listEngines } from './list-engines.js';
import { readOptions, setOption } from './options.js';
import { RefusedError } from './refused-error.js';
import { registerEngine } from './register-engine.js';
import { retireEngine } from './retire-engine.js';
import { setEngineAlertPeriod } from './set-engine-alert-period.js';

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

async function told(): Promise<{ name: string; data: Record<string, unknown>; source: string }[]> {
  const waiting = await readOutbox(owner, 100);
  return waiting.map(({ event }) => ({
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

  test('that changes is stored with its instant, and told with who, from and to', async () => {
    const change = await setOption(owner, { name, value: '2', who });
    expect(change).toEqual({ outcome: 'changed', name, from: '6', to: '2' });
    const option = await stored();
    expect(option).toMatchObject({ value: '2', defaultValue: '6' });
    const when = option?.changedAt?.toISOString();
    expect(await told()).toEqual([
      {
        name: 'SettingChanged',
        source: '/ovirt/backup-awareness',
        data: { who, what: name, from: '6', to: '2', when },
      },
    ]);
  });

  test('that stays the same is not told', async () => {
    expect(await setOption(owner, { name, value: '6', who })).toMatchObject({
      outcome: 'unchanged',
    });
    expect(await stored()).toMatchObject({ value: '6', changedAt: null });
    expect(await told()).toEqual([]);
  });

  test.each(['0', '-2', 'x', '1e999', 'NaN', ''])('is not set to %p', async (value) => {
    const refused: unknown = await setOption(owner, { name, value, who }).catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(RefusedError);
    expect((refused as RefusedError).invalid).toMatchObject({
      path: name,
      got: `the text "${value}"`,
    });
    expect(await stored()).toMatchObject({ value: '6' });
    expect(await told()).toEqual([]);
  });

  test('that does not exist is refused, and so is a change by nobody', async () => {
    await expect(setOption(owner, { name: 'Unknown', value: '1', who })).rejects.toThrow(
      /one of .*BackupCheckPeriodInHours/,
    );
    await expect(setOption(owner, { name, value: '1', who: ' ' })).rejects.toThrow('who: expected');
  });

  test('changed by several at once is told as one chain', async () => {
    await Promise.all(['1', '2', '3', '4'].map((value) => setOption(owner, { name, value, who })));
    const changes = (await told()).map(({ data }) => data);
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
  test('that is added is watched from now on, with its name as names are kept', async () => {
    const added = await addEngine(owner, { fqdn: 'Engine.Example.COM.', who });
    expect(added).toMatchObject({ outcome: 'added', fqdn });
    expect(await told()).toEqual([
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

  test('that is added with a period of its own has it, and it is told too', async () => {
    await addEngine(owner, { fqdn, who, alertPeriodDays: '2.5' });
    expect(await listEngines(owner)).toMatchObject([{ fqdn, alertPeriodDays: 2.5 }]);
    expect((await told()).map(({ name, data }) => [name, data.from, data.to])).toEqual([
      ['EngineAdded', null, 'watched'],
      ['SettingChanged', null, '2.5'],
    ]);
  });

  test('that is watched already is not added again, but decided anew', async () => {
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
    expect(await told()).toEqual([]);
  });

  test('that was retired is watched anew when it is added', async () => {
    await addEngine(owner, { fqdn, who, alertPeriodDays: '3' });
    expect(await retireEngine(owner, { fqdn, who })).toEqual({ outcome: 'retired', fqdn });
    expect((await listEngines(owner))[0]?.retiredAt).not.toBeNull();
    const revived = await addEngine(owner, { fqdn, who });
    expect(revived.outcome).toBe('revived');
    expect(await listEngines(owner)).toMatchObject([
      { fqdn, retiredAt: null, watchedSince: revived.watchedSince, alertPeriodDays: 3 },
    ]);
    expect((await told()).map(({ name, data }) => [name, data.from, data.to])).toEqual([
      ['EngineAdded', null, 'watched'],
      ['SettingChanged', null, '3'],
      ['EngineRetired', 'watched', 'retired'],
      ['EngineAdded', 'retired', 'watched'],
    ]);
    expect(await versionOf(fqdn)).toBe(3);
  });

  test('that is retired tells since when it was monitored', async () => {
    await owner.query(`INSERT INTO engine (fqdn, watched_since) VALUES ($1, '2026-05-01T21:00Z')`, [
      fqdn,
    ]);
    await retireEngine(owner, { fqdn, who });
    expect((await told()).map(({ data }) => data.watched_since)).toEqual([
      '2026-05-01T21:00:00.000Z',
    ]);
  });

  test('that is retired already or not known is not retired', async () => {
    expect(await retireEngine(owner, { fqdn, who })).toEqual({ outcome: 'unknown_engine', fqdn });
    await addEngine(owner, { fqdn, who });
    await retireEngine(owner, { fqdn, who });
    expect(await retireEngine(owner, { fqdn, who })).toEqual({ outcome: 'already_retired', fqdn });
    expect(await told()).toHaveLength(2);
  });

  test('gets a period of its own, and the general one back', async () => {
    await addEngine(owner, { fqdn, who });
    const set = (days: string | null) => setEngineAlertPeriod(owner, { fqdn, days, who });
    expect(await set('2')).toEqual({ outcome: 'changed', fqdn, from: null, to: '2' });
    expect(await set('2.0')).toMatchObject({ outcome: 'unchanged' });
    expect(await set(null)).toEqual({ outcome: 'changed', fqdn, from: '2', to: null });
    expect(await set(null)).toMatchObject({ outcome: 'unchanged' });
    await expect(set('0')).rejects.toThrow(RefusedError);
    expect(await versionOf(fqdn)).toBe(3);
    const what = 'BackupAlertPeriodInDays';
    expect((await told()).slice(1)).toMatchObject([
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

  test('added, retired and set by several at once is told in the order it happened', async () => {
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 2 ? addEngine(owner, { fqdn, who }) : retireEngine(owner, { fqdn, who }),
      ),
    );
    const events = await told();
    let state: unknown = null;
    for (const { data } of events) {
      expect(data.from).toBe(state);
      state = data.to;
    }
    const [engine] = await listEngines(owner);
    expect(state).toBe(engine?.retiredAt ? 'retired' : 'watched');
  });

  test('is registered by the owner’s URL alone', async () => {
    expect(await registerEngine(database.ownerUrl, fqdn, 'npm start')).toMatchObject({
      outcome: 'added',
      fqdn,
    });
  });

  test('is no engine without a host name', async () => {
    for (const name of ['', '.', 'a b', 'ü.example.com'])
      await expect(addEngine(owner, { fqdn: name, who })).rejects.toThrow('a host name');
  });
});
