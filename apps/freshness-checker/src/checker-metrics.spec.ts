import { register } from 'prom-client';
import { observeTick } from './checker-metrics.js';
import { useTicks } from './spec/use-ticks.js';

async function valuesOf(name: string): Promise<Record<string, number>> {
  const metric = await register.getSingleMetric(name)!.get();
  const entries = metric.values.map(({ labels, value }) => [Object.values(labels).join(), value]);
  return Object.fromEntries(entries);
}

describe('the metrics of a check', () => {
  const { monitored, fullBackup, backup, check } = useTicks();

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
});
