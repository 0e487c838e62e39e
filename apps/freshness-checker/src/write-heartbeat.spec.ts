import { readOutbox } from '@backup-awareness/database';
import { useTicks } from './spec/use-ticks.js';

describe('the leader writes a heartbeat', () => {
  const world = useTicks();
  const { check, option, run } = world;
  beforeEach(() => world.owner.query('UPDATE heartbeat SET decided_at = NULL'));

  const beats = async () => {
    const pending = await readOutbox(world.owner, 1_000);
    return pending.filter(({ event }) => event.name === 'Heartbeat').map(({ event }) => event);
  };
  const secondsAgo = (seconds: number) =>
    world.owner.query(
      `UPDATE heartbeat SET decided_at = clock_timestamp() - $1 * interval '1 second'`,
      [seconds],
    );
  const decidedAt = async () => {
    const [row] = await world.owner.query('SELECT decided_at FROM heartbeat');
    return row.decided_at as Date | null;
  };

  it('with the first decision, and says when it decided', async () => {
    expect(await check()).toMatchObject({ isHeartbeat: true, stages: { decision: null } });
    const [beat, ...more] = await beats();
    expect(more).toEqual([]);
    const at = (await decidedAt())!.toISOString();
    expect(beat).toMatchObject({ routingKey: 'Heartbeat', data: { from: null, to: at, when: at } });
  });

  it('again only when a minute is over', async () => {
    await secondsAgo(55);
    expect(await run()).toMatchObject({ isHeartbeat: false });
    expect(await beats()).toEqual([]);
    await secondsAgo(61);
    expect(await run()).toMatchObject({ isHeartbeat: true });
    expect(await beats()).toHaveLength(1);
  });

  it('at once where a clock that was set back has left one in the future', async () => {
    await secondsAgo(-3_600);
    expect(await run()).toMatchObject({ isHeartbeat: true });
  });

  it('once, however long the broker does not take it, while it notes each decision', async () => {
    await check();
    await secondsAgo(61);
    const before = (await decidedAt())!;
    expect(await run()).toMatchObject({ isHeartbeat: true });
    expect(await beats()).toHaveLength(1);
    expect((await decidedAt())!.getTime()).toBeGreaterThan(before.getTime());
  });

  it('although an earlier one was set aside', async () => {
    await check();
    await world.owner.query('UPDATE outbox SET attempts = 10, set_aside_at = now()');
    await secondsAgo(61);
    await run();
    expect(await beats()).toHaveLength(1);
  });

  it('not while a setting cannot be read, or the clock is behind: then nothing is decided', async () => {
    await option('BackupCheckPeriodInHours', '6');
    await world.owner.query(
      `UPDATE vdc_options SET option_value = 'soon' WHERE option_name = 'BackupCheckPeriodInHours'`,
    );
    expect(await run()).toMatchObject({ isHeartbeat: false });
    await world.owner.query(
      `UPDATE vdc_options SET option_value = '6' WHERE option_name = 'BackupCheckPeriodInHours'`,
    );
    await world.owner.query(
      `UPDATE checker_state SET latest_now_at = now() + interval '1 hour', last_check_at = now()`,
    );
    expect(await run()).toMatchObject({ isHeartbeat: false });
    expect(await beats()).toEqual([]);
    expect(await decidedAt()).toBeNull();
  });
});
