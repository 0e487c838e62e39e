import { daysToMs } from '@backup-awareness/freshness';
import { certainFullBackupAt, isCertain } from '@backup-awareness/overview/judgement';
import type { FleetState, LastSuccess } from '@backup-awareness/overview/state';
import type { MetricFamily, Sample } from '@backup-awareness/service';

/**
 * Four families with a series or more for each monitored engine. Where the true age of a backup is unknown its instant is left out: the
 * difference to another clock would pass for an age.
 */
export function engineFamilies(
  fleet: FleetState,
  successes: readonly LastSuccess[],
): MetricFamily[] {
  const monitored = fleet.engines.filter(({ retiredAt }) => retiredAt === null);
  return [
    {
      name: 'backup_awareness_engine_last_full_backup_timestamp_seconds',
      help: 'When the last full backup of an engine counts; absent if there is none or its age is unknown',
      samples: samples(monitored, (engine) => {
        const at = certainFullBackupAt(engine);
        return at === null ? [] : [{ labels: { fqdn: engine.fqdn }, value: at / 1_000 }];
      }),
    },
    {
      name: 'backup_awareness_engine_last_success_timestamp_seconds',
      help: 'When the last success of a scope counts; absent if its age is unknown',
      samples: samples(successes, (success) => {
        const { fqdn, scope, at } = success;
        return isCertain(success, fleet) ? [{ labels: { fqdn, scope }, value: at / 1_000 }] : [];
      }),
    },
    {
      name: 'backup_awareness_engine_alert_period_seconds',
      help: 'The maximum age of the last full backup of an engine',
      samples: samples(monitored, ({ fqdn, alertPeriodDays }) =>
        alertPeriodDays === undefined
          ? []
          : [{ labels: { fqdn }, value: daysToMs(alertPeriodDays) / 1_000 }],
      ),
    },
    {
      name: 'backup_awareness_engine_alert_active',
      help: '1 while an alert of an engine is active, dismissed or not',
      samples: samples(monitored, ({ fqdn, activeAlerts }) =>
        [...new Set(activeAlerts.map(({ alert }) => alert))].map((alert) => ({
          labels: { fqdn, alert },
          value: 1,
        })),
      ),
    },
  ];
}

function* samples<T>(items: Iterable<T>, of: (item: T) => Sample[]): Generator<Sample> {
  for (const item of items) yield* of(item);
}
