import { register } from 'prom-client';
import { forgetLeadership, observeTick } from './checker-metrics.js';
import { useTicks } from './spec/use-ticks.js';

async function valuesOf(name: string): Promise<Record<string, number>> {
  const metric = await register.getSingleMetric(name)!.get();
  const entries = metric.values.map(({ labels, value }) => [Object.values(labels).join(), value]);
  return Object.fromEntries(entries);
}

describe('the metrics of a check', () => {
  const world = useTicks();
  const { monitored, fullBackup, backup, started, check, run } = world;

  it('count engines by verdict, and alerts kept because of a clock', async () => {
    await monitored('fresh.example.com');
    await fullBackup('fresh.example.com', 1);
    await monitored('none.example.com');
    await monitored('old.example.com');
    await fullBackup('old.example.com', 25);
    await monitored('kept.example.com');
    await check();
    await backup('kept.example.com', 'db', -2);
    await backup('kept.example.com', 'files', -2);
    await monitored('ahead.example.com');
    await fullBackup('ahead.example.com', -2);
    observeTick(await check(), 12);

    expect(await valuesOf('backup_awareness_engines')).toEqual({
      fresh: 1,
      no_full_backup: 1,
      too_old: 1,
      unknown: 2,
    });
    expect(await valuesOf('backup_awareness_alerts_kept_by_clock')).toEqual({ '': 1 });
    expect(await valuesOf('backup_awareness_checks_total')).toEqual({ became_leader: 1 });
    expect(await valuesOf('backup_awareness_last_check_duration_seconds')).toEqual({ '': 0.012 });
  });

  it('say when each stage was last proven, and nothing of a stage that never was, nor as a standby', async () => {
    forgetLeadership();
    await world.owner.query(
      `UPDATE heartbeat SET decided_at = NULL, relayed_at = '2026-11-23T03:00:00Z', answered_at = '2026-11-23T03:00:01Z'`,
    );
    observeTick(await run(), 1);
    expect(await valuesOf('backup_awareness_heartbeat_timestamp_seconds')).toEqual({
      relay: Date.parse('2026-11-23T03:00:00Z') / 1_000,
      ingest: Date.parse('2026-11-23T03:00:01Z') / 1_000,
    });
    forgetLeadership();
    expect(await valuesOf('backup_awareness_heartbeat_timestamp_seconds')).toEqual({});
  });

  it('count decisions about runs and about freshness, by outcome and reason', async () => {
    const [raised = 0, cleared = 0] = await Promise.all(
      ['raised,backup_stuck', 'cleared,run_ended'].map(
        async (labels) => (await valuesOf('backup_awareness_alert_decisions_total'))[labels],
      ),
    );
    await monitored('stuck.example.com');
    await fullBackup('stuck.example.com', 14);
    await started('stuck.example.com', 'dwhdb', 13);
    observeTick(await check(), 1);
    await backup('stuck.example.com', 'dwhdb', 0);
    observeTick(await check(), 1);
    expect(await valuesOf('backup_awareness_alert_decisions_total')).toMatchObject({
      'raised,backup_stuck': raised + 1,
      'cleared,run_ended': cleared + 1,
    });
    expect(await valuesOf('backup_awareness_engines')).toEqual({ fresh: 1 });
  });
});
