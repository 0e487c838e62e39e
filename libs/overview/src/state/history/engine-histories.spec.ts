import type { SqlRunner } from '@backup-awareness/database/connection';
import { coverageOf, DAY_MS, situationAt, standingOf } from '@backup-awareness/freshness';
import {
  createTestDatabase,
  recordChanges,
  recordFullBackups,
  type TestDatabase,
} from '@backup-awareness/testing';
import { readEngineHistories, readEngineHistory, type KnownHistory } from './engine-histories.js';
import { readHistoryBasis, type HistoryBasis } from './history-basis.js';

const FQDN = 'engine.example.com';

let database: TestDatabase;
let now: number;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.owner.query('TRUNCATE engine_backup_log, engine');
  await database.owner.query('DELETE FROM audit_log');
  await database.owner.query(
    'UPDATE vdc_options SET option_value = default_value, changed_at = NULL',
  );
  now = Date.now();
});

const daysAgo = (days: number) => now - Math.round(days * DAY_MS);
const monitoredSince = (days: number, fqdn = FQDN) =>
  database.owner.query(
    `INSERT INTO engine (fqdn, watched_since) VALUES ($1, to_timestamp($2::float8 / 1000))`,
    [fqdn, daysAgo(days)],
  );
const setOption = (name: string, value: string, changedAt: number) =>
  database.owner.query(
    `UPDATE vdc_options SET option_value = $2, changed_at = to_timestamp($3::float8 / 1000) WHERE option_name = $1`,
    [name, value, changedAt],
  );

const basis = () => readHistoryBasis(database.owner);
const history = async (): Promise<[KnownHistory, HistoryBasis]> => {
  const found = await basis();
  return [(await readEngineHistory(database.owner, found, FQDN))!, found];
};
const standingAt = async (at: number): Promise<string> => {
  const [known, { settings }] = await history();
  if (known.knownSinceAt !== null && at < known.knownSinceAt) return 'unknown';
  return standingOf(situationAt(known.history, settings, at), at);
};

describe('a verdict of the past', () => {
  it('follows the settings of that time, the general period and the feature', async () => {
    await monitoredSince(30);
    await recordFullBackups(database, FQDN, { countedAt: daysAgo(10) });
    const alert = 'BackupAlertPeriodInDays';
    const check = 'BackupCheckPeriodInHours';
    await recordChanges(
      database,
      { name: 'SettingChanged', what: alert, from: '1', to: '5', at: daysAgo(8) },
      { name: 'SettingChanged', what: alert, from: '5', to: '1', at: daysAgo(7) },
      { name: 'SettingChanged', what: check, from: '6', to: '-1', at: daysAgo(3) },
      { name: 'SettingChanged', what: check, from: '-1', to: '6', at: daysAgo(2) },
    );
    await setOption(alert, '1', daysAgo(7));
    await setOption(check, '6', daysAgo(2));
    expect(await standingAt(daysAgo(10.5))).toBe('no_full_backup');
    expect(await standingAt(daysAgo(9.5))).toBe('fresh');
    expect(await standingAt(daysAgo(8.5))).toBe('too_old');
    expect(await standingAt(daysAgo(7.5))).toBe('fresh');
    expect(await standingAt(daysAgo(6.5))).toBe('too_old');
    expect(await standingAt(daysAgo(2.5))).toBe('feature_off');
    expect(await standingAt(daysAgo(40))).toBe('not_watched');
  });

  it('follows the engine’s own period of that time', async () => {
    await monitoredSince(30);
    await recordFullBackups(database, FQDN, { countedAt: daysAgo(10) });
    const what = 'BackupAlertPeriodInDays';
    await recordChanges(
      database,
      { name: 'SettingChanged', fqdn: FQDN, what, from: null, to: '5', at: daysAgo(8) },
      { name: 'SettingChanged', fqdn: FQDN, what, from: '5', to: '20', at: daysAgo(3) },
    );
    await database.owner.query(
      `UPDATE engine SET alert_period_days = 20, alert_period_changed_at = to_timestamp($1::float8 / 1000)`,
      [daysAgo(3)],
    );
    expect(await standingAt(daysAgo(8.5))).toBe('too_old');
    expect(await standingAt(daysAgo(7))).toBe('fresh');
    expect(await standingAt(daysAgo(4))).toBe('too_old');
    expect(await standingAt(daysAgo(1))).toBe('fresh');
  });

  it.each(['', 'soon', '0x10', '-3'])(
    'is unknown while the engine’s own period was invalid (%j), and before',
    async (invalid) => {
      await monitoredSince(30);
      await recordFullBackups(database, FQDN, { countedAt: daysAgo(10) });
      const what = 'BackupAlertPeriodInDays';
      await recordChanges(
        database,
        { name: 'SettingChanged', fqdn: FQDN, what, from: null, to: invalid, at: daysAgo(8) },
        { name: 'SettingChanged', fqdn: FQDN, what, from: invalid, to: '20', at: daysAgo(3) },
      );
      await database.owner.query(
        `UPDATE engine SET alert_period_days = 20, alert_period_changed_at = to_timestamp($1::float8 / 1000)`,
        [daysAgo(3)],
      );
      expect(await standingAt(daysAgo(8.5))).toBe('unknown');
      expect(await standingAt(daysAgo(5))).toBe('unknown');
      expect(await standingAt(daysAgo(1))).toBe('fresh');
    },
  );

  it('uses only what had been received by then, without discounted successes', async () => {
    await monitoredSince(30);
    await recordFullBackups(database, FQDN, {
      countedAt: daysAgo(5),
      receivedAt: daysAgo(4.5),
    });
    expect(await standingAt(daysAgo(4.6))).toBe('no_full_backup');
    expect(await standingAt(daysAgo(4.4))).toBe('fresh');
    await database.owner.query(
      `UPDATE engine_backup_log SET is_discounted = true WHERE scope = 'files'`,
    );
    expect(await standingAt(daysAgo(4.4))).toBe('no_full_backup');
  });

  it('is unknown before a setting was changed manually', async () => {
    await monitoredSince(30);
    await setOption('BackupAlertPeriodInDays', '3', daysAgo(2));
    expect(await standingAt(daysAgo(2.1))).toBe('unknown');
    expect(await standingAt(daysAgo(1.9))).toBe('no_full_backup');
  });

  it('is unknown before the time that the audit log covers', async () => {
    await monitoredSince(30);
    await setOption('AuditLogRetentionInDays', '10', daysAgo(20));
    await recordChanges(database, {
      name: 'SettingChanged',
      what: 'AuditLogRetentionInDays',
      from: '400',
      to: '10',
      at: daysAgo(20),
    });
    expect(await standingAt(daysAgo(11))).toBe('unknown');
    expect(await standingAt(daysAgo(9))).toBe('no_full_backup');
  });

  it('is unknown if a removed report may have been the last one', async () => {
    await monitoredSince(30);
    await recordChanges(database, {
      name: 'SettingChanged',
      what: 'BackupLogRetentionInDays',
      from: '400',
      to: '10',
      at: daysAgo(20),
    });
    await setOption('BackupLogRetentionInDays', '10', daysAgo(20));
    await recordFullBackups(database, FQDN, { countedAt: daysAgo(8) });
    expect(await standingAt(daysAgo(9))).toBe('unknown');
    expect(await standingAt(daysAgo(7.5))).toBe('fresh');
  });

  it('is known for an engine whose monitoring began after the oldest kept report', async () => {
    await monitoredSince(9.5);
    await recordChanges(database, {
      name: 'SettingChanged',
      what: 'BackupLogRetentionInDays',
      from: '400',
      to: '10',
      at: daysAgo(20),
    });
    await setOption('BackupLogRetentionInDays', '10', daysAgo(20));
    await recordFullBackups(database, FQDN, { countedAt: daysAgo(8) });
    expect(await standingAt(daysAgo(9))).toBe('no_full_backup');
    expect(await standingAt(daysAgo(9.9))).toBe('not_watched');
  });
});

describe('the histories of all engines', () => {
  const span = () => ({ from: daysAgo(10), until: daysAgo(5) });
  const all = async (sql: SqlRunner): Promise<KnownHistory[]> => {
    const found: KnownHistory[] = [];
    for await (const page of readEngineHistories(sql, await basis(), { span: span() }))
      found.push(...page);
    return found;
  };

  it('are sorted by name, and contain what a verdict within the span needs', async () => {
    await monitoredSince(30, 'b.example.com');
    await monitoredSince(30, 'a.example.com');
    await recordFullBackups(
      database,
      'a.example.com',
      ...[20, 15, 10.5, 7, 4].map((days) => ({ countedAt: daysAgo(days) })),
    );
    await recordFullBackups(database, 'b.example.com', { countedAt: daysAgo(20) });
    const found = await all(database.owner);
    expect(
      found.map(({ history }) => [
        history.fqdn,
        history.successes.filter(({ scope }) => scope === 'db').map(({ countedAt }) => countedAt),
      ]),
    ).toEqual([
      ['a.example.com', [daysAgo(10.5), daysAgo(7)]],
      ['b.example.com', [daysAgo(20)]],
    ]);
  });

  it('give the same coverage as all kept data', async () => {
    await monitoredSince(30);
    await recordFullBackups(
      database,
      FQDN,
      ...[20, 12, 11, 10.2, 9, 8.5, 6.9].map((days) => ({ countedAt: daysAgo(days) })),
      { countedAt: daysAgo(10.05), receivedAt: daysAgo(9.9) },
      { countedAt: daysAgo(7.5), receivedAt: daysAgo(7.1) },
      { countedAt: daysAgo(25), receivedAt: daysAgo(9.5) },
    );
    const [whole, { settings }] = await history();
    const [paged] = await all(database.owner);
    const coverage = coverageOf(whole.history, settings, span());
    expect(coverageOf(paged!.history, settings, span())).toEqual(coverage);
    expect(coverage.gaps).toBe(3);
  });

  it('take a number of statements that hardly grows with the number of engines', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn) SELECT 'engine-' || n || '.example.com' FROM generate_series(1, 450) n`,
    );
    let statements = 0;
    const counting: SqlRunner = {
      query: (sql, parameters) => {
        statements++;
        return database.owner.query(sql, parameters);
      },
    };
    const found: KnownHistory[] = [];
    const started = await basis();
    for await (const page of readEngineHistories(counting, started, { span: span() }))
      found.push(...page);
    expect(found).toHaveLength(450);
    // Three pages and an empty one: engines, changes and successes of each.
    expect(statements).toBe(3 * 3 + 1);
  });
});
