import { Counter, Gauge } from 'prom-client';
import type { Round } from './destination.js';

const notifications = new Counter({
  name: 'backup_awareness_notifications_total',
  help: 'Notifications by destination and outcome: told, failed (and tried again), given_up',
  labelNames: ['destination', 'outcome'],
});

const lastSuccess = new Gauge({
  name: 'backup_awareness_notification_last_success_timestamp_seconds',
  help: 'When this process last notified a destination',
  labelNames: ['destination'],
});

/** @param now whole milliseconds since 1970 */
export function observeRound(
  destination: string,
  { told, failed, givenUp, error }: Round,
  now: number,
): void {
  notifications.inc({ destination, outcome: 'told' }, told);
  notifications.inc({ destination, outcome: 'failed' }, failed);
  notifications.inc({ destination, outcome: 'given_up' }, givenUp);
  if (error === null) lastSuccess.set({ destination }, now / 1_000);
}
