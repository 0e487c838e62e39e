import { addEngine, retireEngines, setEngineAlertPeriod } from '@backup-awareness/database';
import { useTicks, who } from './spec/use-ticks.js';

const HOUR_MS = 3_600_000;

describe('a tick of the leader', () => {
  const world = useTicks();
  const {
    monitored,
    backup,
    fullBackup,
    withoutBackups,
    lastCheckHoursAgo,
    option,
    run,
    check,
    active,
    alertEvents,
    checkEvents,
    decidedEngines,
  } = world;

  describe('checks all engines', () => {
    it.each<[string, { lastCheck: number | null; becameLeader?: boolean }, boolean]>([
      ['when there was no check yet', { lastCheck: null }, true],
      ['when the period is over', { lastCheck: 6.001 }, true],
      ['not before the period is over', { lastCheck: 5.99 }, false],
      ['when its checker has just become leader', { lastCheck: 0.1, becameLeader: true }, true],
    ])('%s', async (_, { lastCheck, becameLeader = false }, isDue) => {
      await monitored('a.example.com');
      if (lastCheck !== null) {
        await run({ mayCheck: true });
        await world.owner.query('TRUNCATE alert, outbox, engine_alert_state');
        await lastCheckHoursAgo(lastCheck);
      }
      const { checkReason } = await run({ becameLeader });
      expect(checkReason !== null).toBe(isDue);
      expect(await active()).toEqual(isDue ? { 'a.example.com': 'ENGINE_NO_FULL_BACKUP' } : {});
      expect(await checkEvents()).toHaveLength(isDue ? 1 : 0);
    });

    it('only once ingest has no backlog', async () => {
      await monitored('a.example.com');
      expect(await run({ becameLeader: true, mayCheck: false })).toMatchObject({
        checkReason: null,
      });
      expect(await active()).toEqual({});
      expect(await check()).toMatchObject({ checkReason: 'became_leader' });
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
    });

    it('and publishes the counts by verdict and the time of the next check', async () => {
      await monitored('fresh.example.com');
      await fullBackup('fresh.example.com', 23);
      await monitored('none.example.com');
      await backup('none.example.com', 'files', 1);
      await monitored('old.example.com');
      await fullBackup('old.example.com', 25);
      await monitored('retired.example.com');
      await check();
      await retireEngines(world.owner, { fqdns: ['retired.example.com'], who });
      await world.owner.query('TRUNCATE outbox');
      await fullBackup('none.example.com');
      await check();

      const [first] = await checkEvents();
      expect(first).toMatchObject({
        who: 'freshness-checker',
        engines: 3,
        fresh: 2,
        no_full_backup: 0,
        no_warm_backup: 1,
        raised: 0,
        cleared: 2,
        reason: 'became_leader',
      });
      const at = Date.parse(String(first!.when));
      expect(first!.to).toBe(first!.when);
      expect(Date.parse(String(first!.from))).toBeLessThan(at);
      expect(Date.parse(String(first!.next_check_at))).toBe(at + 6 * HOUR_MS);
      const [state] = await world.owner.query('SELECT * FROM checker_state');
      expect(state).toMatchObject({ engines: 3, raised: 0, cleared: 2 });
      expect(state.last_check_at.toISOString()).toBe(first!.when);
      expect(state.next_check_at.toISOString()).toBe(first!.next_check_at);
    });

    it('and publishes the alerts it raises, with all their facts', async () => {
      await monitored('old.example.com');
      await fullBackup('old.example.com', 25);
      await check();
      const [raised] = await alertEvents();
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
      await monitored('a.example.com');
      await check();
      await fullBackup('a.example.com');
      const result = await run();
      expect(result.checkReason).toBeNull();
      expect(await active()).toEqual({});
      const [raised, cleared] = await alertEvents();
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

    it('that half a backup clears no alert', async () => {
      await monitored('a.example.com');
      await check();
      await backup('a.example.com', 'files', 0);
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
      expect(await alertEvents()).toHaveLength(1);
    });

    it('that one alert replaces the other, in one transaction and without a gap in the sequence', async () => {
      await monitored('a.example.com');
      await check();
      await fullBackup('a.example.com', 48);
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_WARM_BACKUP' });
      const [first, cleared, second] = await alertEvents();
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

    it('no engine without an alert, which waits for the next check', async () => {
      await monitored('a.example.com');
      await fullBackup('a.example.com');
      await check();
      await withoutBackups('a.example.com');
      await monitored('b.example.com');
      expect(decidedEngines(await run())).toEqual([]);
      expect(await active()).toEqual({});
      await lastCheckHoursAgo(7);
      await run();
      expect(Object.keys(await active())).toEqual(['a.example.com', 'b.example.com']);
    });

    it('an engine again and again, but raises the same alert once', async () => {
      await monitored('a.example.com');
      await check();
      for (let i = 0; i < 5; i++) await run();
      await check();
      expect(await alertEvents()).toHaveLength(1);
    });

    it('an engine added by an administrator, at once', async () => {
      await check();
      await addEngine(world.owner, { fqdn: 'a.example.com', who });
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
      await world.owner.query('UPDATE alert SET cleared_at = now()');
      expect(decidedEngines(await run())).toEqual([]);
    });

    it('an engine whose own period was changed, at once', async () => {
      await monitored('a.example.com');
      await fullBackup('a.example.com', 3);
      await check();
      await setEngineAlertPeriod(world.owner, { fqdn: 'a.example.com', days: '0.1', who });
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_WARM_BACKUP' });
      const [raised] = await alertEvents();
      expect(raised!.data.alert_period_days).toBe(0.1);
      const [changed] = await world.owner.query('SELECT alert_period_changed_at AS at FROM engine');
      expect(raised!.data.since).toBe(changed.at.toISOString());
      await setEngineAlertPeriod(world.owner, { fqdn: 'a.example.com', days: null, who });
      await run();
      expect(await active()).toEqual({});
      expect((await alertEvents()).at(-1)).toMatchObject({ data: { reason: 'period_extended' } });
    });

    it('an engine that was retired, and continues its sequence when monitoring resumes', async () => {
      await monitored('a.example.com');
      await check();
      await retireEngines(world.owner, { fqdns: ['a.example.com'], who });
      await run();
      expect(await active()).toEqual({});
      await check();
      expect(await active()).toEqual({});
      await addEngine(world.owner, { fqdn: 'a.example.com', who });
      await run();
      expect((await alertEvents()).map(({ data }) => [data.sequence, data.reason])).toEqual([
        [1, undefined],
        [2, 'engine_retired'],
        [3, undefined],
      ]);
    });
  });

  describe('after a changed setting decides all engines', () => {
    it('and clears alerts that a longer period allows', async () => {
      await monitored('a.example.com');
      await fullBackup('a.example.com', 40);
      await check();
      await option('BackupAlertPeriodInDays', '2');
      expect(await run()).toMatchObject({ checkReason: null });
      expect(await active()).toEqual({});
      expect((await alertEvents()).at(-1)).toMatchObject({ data: { reason: 'period_extended' } });
    });

    it('and raises alerts that a shorter period requires, dated at the change', async () => {
      await monitored('a.example.com');
      await fullBackup('a.example.com', 20);
      await check();
      await option('BackupAlertPeriodInDays', '0.5');
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_WARM_BACKUP' });
      const [row] = await world.owner.query(
        `SELECT changed_at AS at FROM vdc_options WHERE option_name = 'BackupAlertPeriodInDays'`,
      );
      expect((await alertEvents())[0]!.data.since).toBe(row.at.toISOString());
    });

    it('once, not in every tick', async () => {
      await monitored('a.example.com');
      await fullBackup('a.example.com');
      await check();
      await option('BackupAlertPeriodInDays', '2');
      expect(decidedEngines(await run())).toEqual(['a.example.com']);
      expect(decidedEngines(await run())).toEqual([]);
    });

    it('once it may check', async () => {
      await monitored('a.example.com');
      await fullBackup('a.example.com', 20);
      await check();
      await option('BackupAlertPeriodInDays', '0.5');
      await run({ mayCheck: false });
      expect(await active()).toEqual({});
      await run();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_WARM_BACKUP' });
    });
  });
});
