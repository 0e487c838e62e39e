import { addEngine, setEngineAlertPeriod } from '@backup-awareness/database';
import { useTicks, who } from './spec/use-ticks.js';

describe('a tick that is held back', () => {
  const world = useTicks();
  const { monitored, fullBackup, option, run, check, active, alertEvents, checkEvents } = world;

  describe('with the feature off', () => {
    it.each([true, false])(
      'clears all alerts, whether it may check or not (%p)',
      async (mayCheck) => {
        await monitored('a.example.com');
        await monitored('b.example.com');
        await check();
        await option('BackupCheckPeriodInHours', '-1');
        await run({ mayCheck });
        expect(await active()).toEqual({});
        expect((await alertEvents()).slice(2).map(({ data }) => data.reason)).toEqual([
          'disabled',
          'disabled',
        ]);
      },
    );

    it('decides nothing afterwards, whatever happens', async () => {
      await monitored('a.example.com');
      await option('BackupCheckPeriodInHours', '-1');
      expect(await check()).toMatchObject({ checkReason: null });
      await addEngine(world.owner, { fqdn: 'b.example.com', who });
      await setEngineAlertPeriod(world.owner, { fqdn: 'a.example.com', days: '0.1', who });
      await run();
      await check();
      expect(await active()).toEqual({});
      expect(await alertEvents()).toEqual([]);
      expect(await checkEvents()).toEqual([]);
    });

    it('decides all engines once it is on again, with new alerts that continue the sequence', async () => {
      await monitored('a.example.com');
      await check();
      await option('BackupCheckPeriodInHours', '-1');
      await run();
      await addEngine(world.owner, { fqdn: 'b.example.com', who });
      await run();
      await option('BackupCheckPeriodInHours', '6');
      await run();
      expect(Object.keys(await active())).toEqual(['a.example.com', 'b.example.com']);
      const ofA = (await alertEvents()).filter(({ data }) => data.fqdn === 'a.example.com');
      expect(ofA.map(({ data }) => data.sequence)).toEqual([1, 2, 3]);
      expect(ofA[2]!.data.alert_id).not.toBe(ofA[0]!.data.alert_id);
    });
  });

  describe('raises nothing and clears nothing', () => {
    const UNREADABLE = 'x; DROP';

    it.each(['BackupAlertPeriodInDays', 'BackupCheckPeriodInHours'])(
      'while %s is invalid, and names it',
      async (name) => {
        await monitored('a.example.com');
        await check();
        await monitored('b.example.com');
        await fullBackup('a.example.com');
        await world.owner.query('UPDATE vdc_options SET option_value = $2 WHERE option_name = $1', [
          name,
          UNREADABLE,
        ]);
        expect((await check()).unreadyReason).toContain(name);
        expect((await run()).unreadyReason).toContain(name);
        expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
        expect(await alertEvents()).toHaveLength(1);
        await world.owner.query('UPDATE vdc_options SET option_value = default_value');
        await check();
        expect(await active()).toEqual({ 'b.example.com': 'ENGINE_NO_FULL_BACKUP' });
      },
    );

    it('while a setting is missing', async () => {
      await monitored('a.example.com');
      const [row] = await world.owner
        .query(`DELETE FROM vdc_options WHERE option_name = 'BackupCheckPeriodInHours' RETURNING *`)
        .then(([rows]) => rows);
      expect((await check()).unreadyReason).toContain('BackupCheckPeriodInHours');
      await world.owner.query(
        'INSERT INTO vdc_options (option_name, option_value, default_value) VALUES ($1, $2, $3)',
        [row.option_name, row.option_value, row.default_value],
      );
      expect(await active()).toEqual({});
    });

    it('while the data cannot be read', async () => {
      await monitored('a.example.com');
      await check();
      await fullBackup('a.example.com');
      const role = `"${decodeURIComponent(new URL(world.database.urls.checker).username)}"`;
      await world.owner.query(`REVOKE SELECT ON engine_last_success FROM ${role}`);
      try {
        await expect(run()).rejects.toThrow('permission denied');
        await expect(check()).rejects.toThrow('permission denied');
      } finally {
        await world.owner.query(`GRANT SELECT ON engine_last_success TO ${role}`);
      }
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
    });

    it('for an engine with invalid facts, while others are decided', async () => {
      await monitored('a.example.com');
      await monitored('b.example.com');
      // Such a row may be older than the check in the database.
      await world.owner.query('ALTER TABLE engine DROP CONSTRAINT engine_alert_period_in_range');
      await world.owner.query(
        `UPDATE engine SET alert_period_days = 'NaN' WHERE fqdn = 'a.example.com'`,
      );
      await check();
      expect(await active()).toEqual({ 'b.example.com': 'ENGINE_NO_FULL_BACKUP' });
    });
  });

  describe('writes an alert and its event together', () => {
    const outboxRefuses = (name: string) =>
      world.owner.query(
        `ALTER TABLE outbox ADD CONSTRAINT refuses CHECK (name <> '${name}') NOT VALID`,
      );
    const outboxAcceptsAll = () =>
      world.owner.query('ALTER TABLE outbox DROP CONSTRAINT IF EXISTS refuses');
    afterEach(() => outboxAcceptsAll());

    it('so that without its event there is no alert, no sequence number and no check', async () => {
      await monitored('a.example.com');
      await outboxRefuses('BackupAlertRaised');
      await expect(check()).rejects.toThrow('refuses');
      expect(await active()).toEqual({});
      expect(await world.owner.query('SELECT * FROM engine_alert_state')).toEqual([]);
      const [state] = await world.owner.query('SELECT last_check_at FROM checker_state');
      expect(state.last_check_at).toBeNull();
      await outboxAcceptsAll();
      await check();
      expect((await alertEvents()).map(({ data }) => data.sequence)).toEqual([1]);
    });

    it('so that without its Cleared an alert stays active', async () => {
      await monitored('a.example.com');
      await check();
      await fullBackup('a.example.com');
      await outboxRefuses('BackupAlertCleared');
      await expect(run()).rejects.toThrow('refuses');
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
      await outboxAcceptsAll();
      await run();
      expect((await alertEvents()).map(({ data }) => data.sequence)).toEqual([1, 2]);
    });

    it('so that a check without its own event raises nothing', async () => {
      await monitored('a.example.com');
      await outboxRefuses('BackupCheckCompleted');
      await expect(check()).rejects.toThrow('refuses');
      expect(await active()).toEqual({});
      expect(await alertEvents()).toEqual([]);
    });
  });
});
