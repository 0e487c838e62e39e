import {
  addEngine,
  dataSourceFor,
  readOutbox,
  retireEngine,
  setEngineAlertPeriod,
  setOption,
} from '@backup-awareness/database';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { acquireLease, type Lease } from './lease.js';
import { tick, type TickRequest, type TickResult } from './tick.js';

const HOUR_MS = 3_600_000;
const who = 'root';

describe('a tick of the leader', () => {
  let database: TestDatabase;
  let owner: DataSource;
  let checker: DataSource;
  let lease: Lease;
  let decidedBy: string | undefined;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    owner = database.owner;
    checker = await dataSourceFor(database.urls.checker).initialize();
  });
  afterAll(async () => {
    await checker?.destroy();
    await database?.drop();
  });

  beforeEach(async () => {
    await owner.query(
      'TRUNCATE engine_backup_log, engine, alert, alert_dismissal, engine_alert_state, outbox',
    );
    await owner.query('UPDATE checker_state SET last_check_at = NULL, next_check_at = NULL');
    await owner.query('UPDATE vdc_options SET option_value = default_value, changed_at = NULL');
    await owner.query(`UPDATE checker_lease SET expires_at = 'epoch'`);
    lease = (await acquireLease(checker))!;
    decidedBy = undefined;
  });

  // Given

  /** An engine as its messages make it known, so many hours ago. */
  const watched = (fqdn: string, hoursAgo = 48) =>
    owner.query(
      `INSERT INTO engine (fqdn, watched_since) VALUES ($1, now() - $2 * interval '1 hour')`,
      [fqdn, hoursAgo],
    );
  const backup = (fqdn: string, scope: string, hoursAgo: number) =>
    owner.query(
      `INSERT INTO engine_backup_log
         (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT $1, gen_random_uuid()::text, $2, at, true, '', '', at, at
       FROM (SELECT now() - $3 * interval '1 hour' AS at) report`,
      [fqdn, scope, hoursAgo],
    );
  async function fullBackup(fqdn: string, hoursAgo = 0): Promise<void> {
    await backup(fqdn, 'db', hoursAgo);
    await backup(fqdn, 'files', hoursAgo);
  }
  const withoutBackups = (fqdn: string) =>
    owner.query('DELETE FROM engine_backup_log WHERE fqdn = $1', [fqdn]);
  const lastCheckHoursAgo = (hours: number) =>
    owner.query(
      `UPDATE checker_state SET last_check_at = clock_timestamp() - $1 * interval '1 hour'`,
      [hours],
    );
  const option = (name: string, value: string) => setOption(owner, { name, value, who });

  // When

  async function run(request: Partial<TickRequest> = {}): Promise<TickResult> {
    const result = await tick(checker, {
      lease,
      becameLeader: false,
      mayCheck: true,
      decidedBy,
      ...request,
    });
    decidedBy = result.decidedBy;
    return result;
  }
  const check = () => run({ becameLeader: true });

  // Then

  /** Active alerts, by engine. */
  async function active(): Promise<Record<string, string>> {
    const rows: { fqdn: string; alert: string }[] = await owner.query(
      'SELECT fqdn, alert FROM alert WHERE cleared_at IS NULL ORDER BY fqdn',
    );
    return Object.fromEntries(rows.map(({ fqdn, alert }) => [fqdn, alert]));
  }
  interface Told {
    name: string;
    data: Record<string, unknown>;
  }
  /** What the checker has put into the outbox, checks and administration left out. */
  async function told(): Promise<Told[]> {
    const waiting = await readOutbox(owner, 1_000);
    return waiting
      .filter(({ event }) => event.name.startsWith('BackupAlert'))
      .map(({ event }) => ({ name: event.name, data: event.data as Told['data'] }));
  }
  async function checksTold(): Promise<Told['data'][]> {
    const waiting = await readOutbox(owner, 1_000);
    return waiting
      .filter(({ event }) => event.name === 'BackupCheckCompleted')
      .map(({ event }) => event.data as Told['data']);
  }
  const decidedEngines = ({ decided }: TickResult) =>
    decided.map(({ engine }) => engine.facts.fqdn);

  describe('checks all engines', () => {
    it.each<[string, { lastCheck: number | null; becameLeader?: boolean }, boolean]>([
      ['when there never was a check', { lastCheck: null }, true],
      ['when the period is over', { lastCheck: 6.001 }, true],
      ['not before the period is over', { lastCheck: 5.99 }, false],
      ['when its checker has just become leader', { lastCheck: 0.1, becameLeader: true }, true],
      ['when the last check lies in the future', { lastCheck: -1 }, true],
    ])('%s', async (_, { lastCheck, becameLeader = false }, isDue) => {
      await watched('a.example.com');
      if (lastCheck !== null) {
        await run({ mayCheck: true });
        await owner.query('TRUNCATE alert, outbox, engine_alert_state');
        await lastCheckHoursAgo(lastCheck);
      }
      const { isCheck } = await run({ becameLeader });
      expect(isCheck).toBe(isDue);
      expect(await active()).toEqual(isDue ? { 'a.example.com': 'ENGINE_NO_FULL_BACKUP' } : {});
      expect(await checksTold()).toHaveLength(isDue ? 1 : 0);
    });

    it('but waits while ingest has a backlog', async () => {
      await watched('a.example.com');
      expect(await run({ becameLeader: true, mayCheck: false })).toMatchObject({ isCheck: false });
      expect(await active()).toEqual({});
      expect(await check()).toMatchObject({ isCheck: true });
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
    });

    it('and tells how many there are of each kind, and when the next check is', async () => {
      await watched('fresh.example.com');
      await fullBackup('fresh.example.com', 23);
      await watched('none.example.com');
      await backup('none.example.com', 'files', 1);
      await watched('old.example.com');
      await fullBackup('old.example.com', 25);
      await watched('retired.example.com');
      await check();
      await retireEngine(owner, { fqdn: 'retired.example.com', who });
      await owner.query('TRUNCATE outbox');
      await fullBackup('none.example.com');
      await check();

      const [first] = await checksTold();
      expect(first).toMatchObject({
        who: 'freshness-checker',
        engines: 3,
        fresh: 2,
        no_full_backup: 0,
        no_warm_backup: 1,
        raised: 0,
        cleared: 2,
      });
      const at = Date.parse(String(first!.when));
      expect(first!.to).toBe(first!.when);
      expect(Date.parse(String(first!.from))).toBeLessThan(at);
      expect(Date.parse(String(first!.next_check_at))).toBe(at + 6 * HOUR_MS);
      const [state] = await owner.query('SELECT * FROM checker_state');
      expect(state).toMatchObject({ engines: 3, raised: 0, cleared: 2 });
      expect(state.last_check_at.toISOString()).toBe(first!.when);
      expect(state.next_check_at.toISOString()).toBe(first!.next_check_at);
    });

    it('tells of the alerts it raises, with all that belongs to them', async () => {
      await watched('old.example.com');
      await fullBackup('old.example.com', 25);
      await check();
      const [raised] = await told();
      expect(raised).toMatchObject({
        name: 'BackupAlertRaised',
        data: {
          alert: 'ENGINE_NO_WARM_BACKUP',
          fqdn: 'old.example.com',
          alert_period_days: 1,
          sequence: 1,
          message: expect.stringContaining('engine-backup --mode=backup'),
        },
      });
      const { since, last_full_backup_at: last, decided_at: decided } = raised!.data;
      expect(Date.parse(String(since))).toBe(Date.parse(String(last)) + 24 * HOUR_MS);
      expect(Date.parse(String(decided))).toBeGreaterThan(Date.parse(String(since)));
    });
  });

  describe('between checks decides', () => {
    it('an engine with an alert, so that a backup clears it', async () => {
      await watched('a.example.com');
      await check();
      await fullBackup('a.example.com');
      const result = await run();
      expect(result.isCheck).toBe(false);
      expect(await active()).toEqual({});
      const [raised, cleared] = await told();
      expect(cleared).toMatchObject({
        name: 'BackupAlertCleared',
        data: {
          alert_id: raised!.data.alert_id,
          raised_at: raised!.data.decided_at,
          sequence: 2,
          reason: 'full_backup',
        },
      });
    });

    it('not one whose backup is only half there', async () => {
      await watched('a.example.com');
      await check();
      await backup('a.example.com', 'files', 0);
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
      expect(await told()).toHaveLength(1);
    });

    it('one kind of alert to become the other, in one transaction and with numbers in a row', async () => {
      await watched('a.example.com');
      await check();
      await fullBackup('a.example.com', 48);
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_WARM_BACKUP' });
      const [first, cleared, second] = await told();
      expect(cleared).toMatchObject({
        name: 'BackupAlertCleared',
        data: { alert_id: first!.data.alert_id, sequence: 2, reason: 'superseded' },
      });
      expect(second).toMatchObject({
        name: 'BackupAlertRaised',
        data: { alert: 'ENGINE_NO_WARM_BACKUP', sequence: 3 },
      });
      expect(second!.data.alert_id).not.toBe(first!.data.alert_id);
    });

    it('no engine without an alert: that waits for the next check', async () => {
      await watched('a.example.com');
      await fullBackup('a.example.com');
      await check();
      await withoutBackups('a.example.com');
      await watched('b.example.com');
      expect(decidedEngines(await run())).toEqual([]);
      expect(await active()).toEqual({});
      await lastCheckHoursAgo(7);
      await run();
      expect(Object.keys(await active())).toEqual(['a.example.com', 'b.example.com']);
    });

    it('the same alert only once, however often it is true', async () => {
      await watched('a.example.com');
      await check();
      for (let i = 0; i < 5; i++) await run();
      await check();
      expect(await told()).toHaveLength(1);
    });

    it('an engine added by hand, at once', async () => {
      await check();
      await addEngine(owner, { fqdn: 'a.example.com', who });
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
      await owner.query('UPDATE alert SET cleared_at = now()');
      expect(decidedEngines(await run())).toEqual([]);
    });

    it('an engine whose own period is changed, at once', async () => {
      await watched('a.example.com');
      await fullBackup('a.example.com', 3);
      await check();
      await setEngineAlertPeriod(owner, { fqdn: 'a.example.com', days: '0.1', who });
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_WARM_BACKUP' });
      const [raised] = await told();
      expect(raised!.data.alert_period_days).toBe(0.1);
      const [changed] = await owner.query('SELECT alert_period_changed_at AS at FROM engine');
      expect(raised!.data.since).toBe(changed.at.toISOString());
      await setEngineAlertPeriod(owner, { fqdn: 'a.example.com', days: null, who });
      await run();
      expect(await active()).toEqual({});
      expect((await told()).at(-1)).toMatchObject({ data: { reason: 'period_extended' } });
    });

    it('an engine that is retired, and goes on with its numbers when it is watched again', async () => {
      await watched('a.example.com');
      await check();
      await retireEngine(owner, { fqdn: 'a.example.com', who });
      await run();
      expect(await active()).toEqual({});
      await check();
      expect(await active()).toEqual({});
      await addEngine(owner, { fqdn: 'a.example.com', who });
      await run();
      expect((await told()).map(({ data }) => [data.sequence, data.reason])).toEqual([
        [1, undefined],
        [2, 'engine_retired'],
        [3, undefined],
      ]);
    });
  });

  describe('after a change of the settings decides all', () => {
    it('and clears what a longer period allows', async () => {
      await watched('a.example.com');
      await fullBackup('a.example.com', 40);
      await check();
      await option('BackupAlertPeriodInDays', '2');
      expect(await run()).toMatchObject({ isCheck: false });
      expect(await active()).toEqual({});
      expect((await told()).at(-1)).toMatchObject({ data: { reason: 'period_extended' } });
    });

    it('and raises what a shorter one does not, since the change', async () => {
      await watched('a.example.com');
      await fullBackup('a.example.com', 20);
      await check();
      await option('BackupAlertPeriodInDays', '0.5');
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_WARM_BACKUP' });
      const [row] = await owner.query(
        `SELECT changed_at AS at FROM vdc_options WHERE option_name = 'BackupAlertPeriodInDays'`,
      );
      expect((await told())[0]!.data.since).toBe(row.at.toISOString());
    });

    it('once, and not again with each tick', async () => {
      await watched('a.example.com');
      await fullBackup('a.example.com');
      await check();
      await option('BackupAlertPeriodInDays', '2');
      expect(decidedEngines(await run())).toEqual(['a.example.com']);
      expect(decidedEngines(await run())).toEqual([]);
    });

    it('once it may check', async () => {
      await watched('a.example.com');
      await fullBackup('a.example.com', 20);
      await check();
      await option('BackupAlertPeriodInDays', '0.5');
      await run({ mayCheck: false });
      expect(await active()).toEqual({});
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_WARM_BACKUP' });
    });
  });

  describe('with the feature off', () => {
    it.each([true, false])(
      'clears everything, whether it may check or not (%p)',
      async (mayCheck) => {
        await watched('a.example.com');
        await watched('b.example.com');
        await check();
        await option('BackupCheckPeriodInHours', '-1');
        await run({ mayCheck });
        expect(await active()).toEqual({});
        expect((await told()).slice(2).map(({ data }) => data.reason)).toEqual([
          'disabled',
          'disabled',
        ]);
      },
    );

    it('decides nothing afterwards, whatever happens and whoever leads', async () => {
      await watched('a.example.com');
      await option('BackupCheckPeriodInHours', '-1');
      expect(await check()).toMatchObject({ isCheck: false });
      await addEngine(owner, { fqdn: 'b.example.com', who });
      await setEngineAlertPeriod(owner, { fqdn: 'a.example.com', days: '0.1', who });
      await run();
      await check();
      expect(await active()).toEqual({});
      expect(await told()).toEqual([]);
      expect(await checksTold()).toEqual([]);
    });

    it('decides all when it is switched on again, with new alerts and numbers that go on', async () => {
      await watched('a.example.com');
      await check();
      await option('BackupCheckPeriodInHours', '-1');
      await run();
      await addEngine(owner, { fqdn: 'b.example.com', who });
      await run();
      await option('BackupCheckPeriodInHours', '6');
      await run();
      expect(Object.keys(await active())).toEqual(['a.example.com', 'b.example.com']);
      const ofA = (await told()).filter(({ data }) => data.fqdn === 'a.example.com');
      expect(ofA.map(({ data }) => data.sequence)).toEqual([1, 2, 3]);
      expect(ofA[2]!.data.alert_id).not.toBe(ofA[0]!.data.alert_id);
    });
  });

  describe('raises nothing and clears nothing', () => {
    const UNREADABLE = 'x; DROP';

    it.each(['BackupAlertPeriodInDays', 'BackupCheckPeriodInHours'])(
      'while %s cannot be read, and says which',
      async (name) => {
        await watched('a.example.com');
        await check();
        await watched('b.example.com');
        await fullBackup('a.example.com');
        await owner.query('UPDATE vdc_options SET option_value = $2 WHERE option_name = $1', [
          name,
          UNREADABLE,
        ]);
        expect((await check()).trouble).toContain(name);
        expect((await run()).trouble).toContain(name);
        expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
        expect(await told()).toHaveLength(1);
        await owner.query('UPDATE vdc_options SET option_value = default_value');
        await check();
        expect(await active()).toEqual({ 'b.example.com': 'ENGINE_NO_FULL_BACKUP' });
      },
    );

    it('while a setting is missing altogether', async () => {
      await watched('a.example.com');
      const [row] = await owner
        .query(`DELETE FROM vdc_options WHERE option_name = 'BackupCheckPeriodInHours' RETURNING *`)
        .then(([rows]) => rows);
      expect((await check()).trouble).toContain('BackupCheckPeriodInHours');
      await owner.query(
        'INSERT INTO vdc_options (option_name, option_value, default_value) VALUES ($1, $2, $3)',
        [row.option_name, row.option_value, row.default_value],
      );
      expect(await active()).toEqual({});
    });

    it('while the data cannot be read', async () => {
      await watched('a.example.com');
      await check();
      await fullBackup('a.example.com');
      const role = `"${decodeURIComponent(new URL(database.urls.checker).username)}"`;
      await owner.query(`REVOKE SELECT ON engine_last_success FROM ${role}`);
      try {
        await expect(run()).rejects.toThrow('permission denied');
        await expect(check()).rejects.toThrow('permission denied');
      } finally {
        await owner.query(`GRANT SELECT ON engine_last_success TO ${role}`);
      }
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
    });

    it('for the one engine whose facts are no facts, while others are decided', async () => {
      await watched('a.example.com');
      await watched('b.example.com');
      await owner.query(`UPDATE engine SET alert_period_days = 'NaN' WHERE fqdn = 'a.example.com'`);
      await check();
      expect(await active()).toEqual({ 'b.example.com': 'ENGINE_NO_FULL_BACKUP' });
    });
  });

  describe('given a clock that was put back before the last check', () => {
    beforeEach(async () => {
      await watched('a.example.com');
      await check();
      await watched('b.example.com');
      await fullBackup('a.example.com');
      await lastCheckHoursAgo(-1);
    });

    it('checks at once, raises, and clears nothing in it', async () => {
      expect(await run()).toMatchObject({ isCheck: true });
      expect(Object.keys(await active())).toEqual(['a.example.com', 'b.example.com']);
    });

    it('clears after that check, which is the last one now', async () => {
      await run();
      expect(await run()).toMatchObject({ isCheck: false });
      expect(Object.keys(await active())).toEqual(['b.example.com']);
    });

    it('clears nothing while it may not check', async () => {
      await run({ mayCheck: false });
      expect(Object.keys(await active())).toEqual(['a.example.com']);
    });

    it('clears all the same when the feature is switched off', async () => {
      await option('BackupCheckPeriodInHours', '-1');
      await run();
      expect(await active()).toEqual({});
    });
  });

  describe('writes an alert and its event together', () => {
    const outboxRefuses = (name: string) =>
      owner.query(`ALTER TABLE outbox ADD CONSTRAINT refuses CHECK (name <> '${name}') NOT VALID`);
    const outboxTakesAll = () =>
      owner.query('ALTER TABLE outbox DROP CONSTRAINT IF EXISTS refuses');
    afterEach(() => outboxTakesAll());

    it('so that an event that cannot be kept leaves no alert, no number and no check', async () => {
      await watched('a.example.com');
      await outboxRefuses('BackupAlertRaised');
      await expect(check()).rejects.toThrow('refuses');
      expect(await active()).toEqual({});
      expect(await owner.query('SELECT * FROM engine_alert_state')).toEqual([]);
      const [state] = await owner.query('SELECT last_check_at FROM checker_state');
      expect(state.last_check_at).toBeNull();
      await outboxTakesAll();
      await check();
      expect((await told()).map(({ data }) => data.sequence)).toEqual([1]);
    });

    it('so that a Cleared that cannot be kept leaves the alert active', async () => {
      await watched('a.example.com');
      await check();
      await fullBackup('a.example.com');
      await outboxRefuses('BackupAlertCleared');
      await expect(run()).rejects.toThrow('refuses');
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
      await outboxTakesAll();
      await run();
      expect((await told()).map(({ data }) => data.sequence)).toEqual([1, 2]);
    });

    it('so that a check whose own event cannot be kept raises nothing', async () => {
      await watched('a.example.com');
      await outboxRefuses('BackupCheckCompleted');
      await expect(check()).rejects.toThrow('refuses');
      expect(await active()).toEqual({});
      expect(await told()).toEqual([]);
    });
  });
});
