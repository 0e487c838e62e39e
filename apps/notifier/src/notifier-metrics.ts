import { errorText, LogOnce } from '@backup-awareness/contracts';
import type { DestinationHealth } from '@backup-awareness/database';
import type { MetricFamily, ReadMetrics, Sample } from '@backup-awareness/service';
import { Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import type { Round } from './destination.js';

const notifications = new Counter({
  name: 'backup_awareness_notifications_total',
  help: 'Notifications by destination and outcome: told, failed (and tried again), given_up',
  labelNames: ['destination', 'outcome'],
});

/** Counts a round. One without notifications makes the series of a destination, so that the first notification is an increase. */
export function countRound(destination: string, { told, failed, givenUp }: Round): void {
  notifications.inc({ destination, outcome: 'told' }, told);
  notifications.inc({ destination, outcome: 'failed' }, failed);
  notifications.inc({ destination, outcome: 'given_up' }, givenUp);
}

/**
 * Reads when each of these destinations was last notified, and since when that has failed, by any replica. A destination that is no longer
 * configured is not among them, whatever the database remembers.
 */
export function destinationMetricsOf(
  read: () => Promise<readonly DestinationHealth[]>,
  configured: readonly string[],
): ReadMetrics {
  const log = new Logger('metrics');
  const unreadable = new LogOnce((error) => log.warn(`destinations cannot be read: ${error}`));
  return async () => {
    try {
      const known = await read();
      unreadable.set(undefined);
      return families(known.filter(({ destination }) => configured.includes(destination)));
    } catch (error) {
      unreadable.set(errorText(error));
      return [];
    }
  };
}

function families(destinations: readonly DestinationHealth[]): MetricFamily[] {
  const instants = (of: (one: DestinationHealth) => number | null): Sample[] =>
    destinations.flatMap((one) => {
      const at = of(one);
      return at === null ? [] : [{ labels: { destination: one.destination }, value: at / 1_000 }];
    });
  return [
    {
      name: 'backup_awareness_notification_last_success_timestamp_seconds',
      help: 'When a destination was last notified',
      samples: instants(({ lastSuccessAt }) => lastSuccessAt),
    },
    {
      name: 'backup_awareness_notification_failing_since_timestamp_seconds',
      help: 'Since when every attempt to notify a destination has failed',
      samples: instants(({ failingSince }) => failingSince),
    },
  ];
}
