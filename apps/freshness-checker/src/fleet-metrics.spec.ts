import { readFleetState } from '@backup-awareness/overview/state';
import { exposition } from '@backup-awareness/service';
import { Logger } from '@nestjs/common';
import { fleetFamilies, fleetMetricsOf } from './fleet-metrics.js';
import { seriesOf } from './spec/series-of.js';
import { useTicks } from './spec/use-ticks.js';

const HOUR_S = 3_600;

/** Only the relay has been proven. */
const STAGES = { decision: null, relay: 1_600_000_000_000, audit: null, ingest: null };

describe('the metrics of the fleet', () => {
  const world = useTicks();
  const { monitored, fullBackup, backup, started, check } = world;
  const fleet = async () =>
    seriesOf([...exposition(fleetFamilies(await readFleetState(world.checker)))].join(''));

  it('are nothing but counts of 0 before the first check', async () => {
    expect(await fleet()).toEqual({
      'engines{verdict="fresh"}': 0,
      'engines{verdict="too_old"}': 0,
      'engines{verdict="no_full_backup"}': 0,
      'engines{verdict="unknown"}': 0,
      'alerts_active{alert="ENGINE_NO_FULL_BACKUP"}': 0,
      'alerts_active{alert="ENGINE_NO_WARM_BACKUP"}': 0,
      'alerts_active{alert="ENGINE_BACKUP_STUCK"}': 0,
      'outbox_events{state="pending"}': 0,
      'outbox_events{state="set_aside"}': 0,
    });
  });

  it('count engines by verdict and alerts by name, and tell the oldest full backup and the checks', async () => {
    await monitored('fresh.example.com');
    await fullBackup('fresh.example.com', 1);
    await monitored('none.example.com');
    await monitored('old.example.com');
    await fullBackup('old.example.com', 25);
    await started('old.example.com', 'dwhdb', 13);
    await monitored('ahead.example.com');
    await backup('ahead.example.com', 'db', 30);
    await fullBackup('ahead.example.com', -2);
    await check();
    const series = await fleet();
    expect(series).toMatchObject({
      'engines{verdict="fresh"}': 1,
      'engines{verdict="too_old"}': 1,
      'engines{verdict="no_full_backup"}': 1,
      'engines{verdict="unknown"}': 1,
      'alerts_active{alert="ENGINE_NO_FULL_BACKUP"}': 1,
      'alerts_active{alert="ENGINE_NO_WARM_BACKUP"}': 1,
      'alerts_active{alert="ENGINE_BACKUP_STUCK"}': 1,
      'outbox_events{state="pending"}': 5,
    });
    const { last_check_timestamp_seconds: last, next_check_timestamp_seconds: next } = series;
    expect(next! - last!).toBe(6 * HOUR_S);
    expect(series['oldest_full_backup_timestamp_seconds']).toBeCloseTo(last! - 25 * HOUR_S, -1);
    expect(series['outbox_oldest_timestamp_seconds']).toBeCloseTo(last!, -1);
  });

  it('say nothing of an engine once it is retired', async () => {
    await monitored('old.example.com');
    await fullBackup('old.example.com', 25);
    await check();
    await world.owner.query('UPDATE engine SET retired_at = now(), version = version + 1');
    await world.run();
    const series = await fleet();
    expect(Object.values(series).filter((value) => value === 1)).toEqual([]);
    expect(series).not.toHaveProperty('oldest_full_backup_timestamp_seconds');
  });

  it('have no next check while the feature is off', async () => {
    await check();
    await world.option('BackupCheckPeriodInHours', '-1');
    const series = await fleet();
    expect(series).toHaveProperty('last_check_timestamp_seconds');
    expect(series).not.toHaveProperty('next_check_timestamp_seconds');
  });

  it('while the clock is behind, have every engine unknown, no next check and no oldest backup', async () => {
    await monitored('fresh.example.com');
    await fullBackup('fresh.example.com', 1);
    await check();
    await world.owner.query(`UPDATE checker_state SET latest_now_at = now() + interval '1 hour'`);
    const series = await fleet();
    expect(series).toMatchObject({
      'engines{verdict="fresh"}': 0,
      'engines{verdict="unknown"}': 1,
    });
    expect(series).not.toHaveProperty('next_check_timestamp_seconds');
    expect(series).not.toHaveProperty('oldest_full_backup_timestamp_seconds');
  });

  describe('of one process', () => {
    const told = async (isLeader: boolean, lastCheckMs?: number) => {
      const read = fleetMetricsOf(world.checker, { isLeader, lastCheckMs, stages: STAGES });
      return seriesOf([...exposition(await read())].join(''));
    };

    it('are told by the leader, with the duration of its last check', async () => {
      expect(await told(true, 12)).toMatchObject({
        leader: 1,
        last_check_duration_seconds: 0.012,
        'heartbeat_timestamp_seconds{stage="relay"}': 1_600_000_000,
        'engines{verdict="fresh"}': 0,
      });
    });

    it('tell when a notifier last served each destination', async () => {
      await world.owner.query(
        `INSERT INTO notification_destination (destination, seen_at) VALUES ('mail', to_timestamp(1600000000))`,
      );
      expect(await told(true)).toMatchObject({
        'notification_seen_timestamp_seconds{destination="mail"}': 1_600_000_000,
      });
    });

    it('are not told by a standby, nor of a check that it made as the leader', async () => {
      expect(await told(false, 12)).toEqual({ leader: 0 });
    });

    it('are not told where the fleet cannot be read', async () => {
      Logger.overrideLogger(false);
      const read = fleetMetricsOf(
        { query: () => Promise.reject(new Error('no connection')) },
        { isLeader: true, lastCheckMs: 12, stages: STAGES },
      );
      expect(seriesOf([...exposition(await read())].join(''))).toEqual({ leader: 1 });
    });
  });
});
