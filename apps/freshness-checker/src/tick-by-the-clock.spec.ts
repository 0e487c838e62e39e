import {
  acceptClock,
  addEngine,
  dataSourceFor,
  readOutbox,
  retireEngines,
} from '@backup-awareness/database';
import { isClockInDoubt } from '@backup-awareness/freshness';
import { useTicks, who } from './spec/use-ticks.js';

describe('a tick by a clock that was put back', () => {
  const world = useTicks();
  const { monitored, backup, fullBackup, option, run, check, active, alertEvents, checkEvents } =
    world;
  const comment = 'the time server was wrong';

  /** The real clock cannot be moved; moving the stored times forward has the same effect. */
  const putBack = (interval: string) =>
    world.owner.query(
      `UPDATE checker_state SET latest_now_at = latest_now_at + $1::interval, last_check_at = last_check_at + $1::interval`,
      [interval],
    );
  const accept = (words = comment) =>
    acceptClock(world.owner, {
      who,
      comment: words,
      isInDoubt: ({ clockAt, latestAt, newestSuccessAt }) =>
        isClockInDoubt(clockAt, latestAt, newestSuccessAt),
    });
  const accepted = async () =>
    (await readOutbox(world.owner, 100)).filter(({ event }) => event.name === 'ClockAccepted');
  const lastSuccesses = () =>
    world.owner.query('SELECT fqdn, scope FROM engine_last_success ORDER BY fqdn, scope');

  beforeEach(async () => {
    await monitored('a.example.com');
    await check();
    await monitored('b.example.com');
    await fullBackup('a.example.com');
  });

  it('raises, clears and checks nothing, and says why', async () => {
    await putBack('36 hours');
    for (const decide of [run, check, run, run]) {
      const { unreadyReason, checkReason } = await decide();
      expect(unreadyReason).toMatch(
        /clock is more than 1 minute behind .*backup-awareness clock accept/,
      );
      expect(checkReason).toBeNull();
    }
    expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
    expect(await checkEvents()).toHaveLength(1);
  });

  it('also compares with the last check, because the previous version stores nothing else', async () => {
    await putBack('36 hours');
    await world.owner.query('UPDATE checker_state SET latest_now_at = NULL');
    expect((await run()).unreadyReason).toContain('behind');
    expect(Object.keys(await active())).toEqual(['a.example.com']);
  });

  it('applies administrative changes only once the time is known again', async () => {
    await putBack('36 hours');
    await addEngine(world.owner, { fqdn: 'c.example.com', who });
    await retireEngines(world.owner, { fqdns: ['a.example.com'], who });
    await run();
    expect(Object.keys(await active())).toEqual(['a.example.com']);
    await putBack('-36 hours');
    await run();
    expect(Object.keys(await active())).toEqual(['c.example.com']);
  });

  it('applies the switch-off only once the time is known again', async () => {
    await putBack('36 hours');
    await option('BackupCheckPeriodInHours', '-1');
    await run();
    expect(Object.keys(await active())).toEqual(['a.example.com']);
    await putBack('-36 hours');
    await run();
    expect(await active()).toEqual({});
  });

  it('uses the latest time if the clock was put back by seconds', async () => {
    await putBack('30 seconds');
    expect((await check()).unreadyReason).toBeUndefined();
    expect(Object.keys(await active())).toEqual(['b.example.com']);
    const [first, second] = await checkEvents();
    const apartMs = Date.parse(String(second!.when)) - Date.parse(String(first!.when));
    expect(apartMs).toBe(30_000);
  });

  it('stores the latest time of every tick, not only of checks', async () => {
    const latest = async () =>
      (await world.owner.query('SELECT latest_now_at AS at, last_check_at FROM checker_state'))[0];
    await run();
    const { at, last_check_at: lastCheckAt } = await latest();
    expect(at.getTime()).toBeGreaterThan(lastCheckAt.getTime());
  });

  describe('with a success in the future', () => {
    beforeEach(async () => {
      await backup('b.example.com', 'db', -30);
      await backup('b.example.com', 'files', 0);
    });

    it('neither raises nor clears for that engine, and counts it as unknown', async () => {
      await backup('a.example.com', 'files', -30);
      await check();
      expect(await active()).toEqual({ 'a.example.com': 'ENGINE_NO_FULL_BACKUP' });
      expect((await checkEvents()).at(-1)).toMatchObject({
        engines: 2,
        fresh: 0,
        no_full_backup: 1,
        unknown: 1,
      });
    });

    it('raises an alert that the other scope makes certain', async () => {
      await world.owner.query(
        `DELETE FROM engine_backup_log WHERE fqdn = 'b.example.com' AND scope = 'files'`,
      );
      await check();
      expect(await active()).toEqual({ 'b.example.com': 'ENGINE_NO_FULL_BACKUP' });
    });
  });

  describe('that was accepted', () => {
    it('decides all engines by it at once, and publishes who accepted it and why', async () => {
      await putBack('36 hours');
      const result = await accept();
      expect(result).toMatchObject({ outcome: 'accepted', discounted: 0 });
      expect(await run()).toMatchObject({ checkReason: 'never_checked' });
      expect(Object.keys(await active())).toEqual(['b.example.com']);
      const [{ event }] = (await accepted()) as unknown as [
        { event: { data: Record<string, string> } },
      ];
      expect(event.data).toMatchObject({ who, what: 'clock', comment, discounted: 0 });
      const apartMs = Date.parse(event.data['from']!) - Date.parse(event.data['to']!);
      expect(Math.round(apartMs / 3_600_000)).toBe(36);
    });

    it('never counts a success in the future, even when the clock gets there', async () => {
      await backup('b.example.com', 'db', -30);
      await backup('b.example.com', 'files', -30);
      await backup('b.example.com', 'files', 40);
      expect(await accept()).toMatchObject({ outcome: 'accepted', discounted: 2 });
      await run();
      expect(await active()).toEqual({ 'b.example.com': 'ENGINE_NO_FULL_BACKUP' });
      // Later changes recalculate the last success, also on update and delete.
      await backup('b.example.com', 'db', 30);
      await world.owner.query(`UPDATE engine_backup_log SET log_path = 'x'`);
      await world.owner.query(
        `UPDATE engine_backup_log SET counted_at = counted_at - interval '100 hours'
         WHERE is_discounted`,
      );
      await world.owner.query('DELETE FROM engine_backup_log WHERE counted_at > now()');
      await run();
      expect(await active()).toEqual({ 'b.example.com': 'ENGINE_NO_WARM_BACKUP' });
    });

    it('deletes an engine’s last success if it has no other', async () => {
      await backup('b.example.com', 'db', -30);
      await accept();
      expect(await lastSuccesses()).toEqual([
        { fqdn: 'a.example.com', scope: 'db' },
        { fqdn: 'a.example.com', scope: 'files' },
      ]);
    });

    it('clears an alert raised about a success in the future as soon as there is another backup', async () => {
      await world.owner.query(`UPDATE alert SET alert = 'ENGINE_NO_WARM_BACKUP',
        last_full_backup_at = now() + interval '10 hours'`);
      await putBack('36 hours');
      await accept();
      await run();
      expect((await alertEvents()).at(-2)?.data).toMatchObject({ fqdn: 'a.example.com' });
      expect(
        (await alertEvents()).filter(({ data }) => data.fqdn === 'a.example.com').at(-1),
      ).toMatchObject({
        name: 'BackupAlertCleared',
        data: { reason: 'period_extended' },
      });
    });

    it('changes and publishes nothing if it was not in doubt', async () => {
      await putBack('30 seconds');
      const before = await world.owner.query('SELECT * FROM checker_state');
      expect(await accept()).toMatchObject({ outcome: 'not_in_doubt', discounted: 0 });
      expect(await world.owner.query('SELECT * FROM checker_state')).toEqual(before);
      expect(await accepted()).toEqual([]);
    });

    it('is not accepted without a comment', async () => {
      await putBack('36 hours');
      await expect(accept(' \n')).rejects.toThrow('comment');
      expect((await run()).unreadyReason).toContain('behind');
    });

    it('can be accepted only by the owner', async () => {
      await putBack('36 hours');
      const ingest = await dataSourceFor(world.database.urls.ingest).initialize();
      await expect(acceptClock(ingest, { who, comment, isInDoubt: () => true })).rejects.toThrow(
        'permission denied',
      );
      await ingest.destroy();
    });
  });
});
