import { register } from 'prom-client';
import { countTick } from './checker-metrics.js';
import { useTicks } from './spec/use-ticks.js';

async function decisionCounts(): Promise<Record<string, number>> {
  const metric = await register.getSingleMetric('backup_awareness_alert_decisions_total')!.get();
  const entries = metric.values.map(({ labels, value }) => [Object.values(labels).join(), value]);
  return Object.fromEntries(entries);
}

describe('the counters of ticks', () => {
  const { monitored, fullBackup, backup, started, check } = useTicks();

  it('count decisions about runs and about freshness, by outcome and reason', async () => {
    await monitored('stuck.example.com');
    await fullBackup('stuck.example.com', 14);
    await started('stuck.example.com', 'dwhdb', 13);
    await monitored('none.example.com');
    countTick(await check());
    await backup('stuck.example.com', 'dwhdb', 0);
    countTick(await check());
    expect(await decisionCounts()).toEqual({
      'raised,backup_stuck': 1,
      'cleared,run_ended': 1,
      'raised,no_full_backup': 1,
    });
  });

  it('count checks by reason', async () => {
    const metric = register.getSingleMetric('backup_awareness_checks_total')!;
    metric.reset();
    countTick(await check());
    expect((await metric.get()).values).toEqual([
      { labels: { reason: 'became_leader' }, value: 1 },
    ]);
  });
});
