import { z } from 'zod';
import { ALERTS } from './alert.js';
import { administrationEvent, administrationFields } from './administration-event.js';
import { PRODUCT_SOURCE, type OutgoingEvent } from './event.js';
import { ALERTS_EXCHANGE } from '../topology/topology.js';
import { instantField, textField, uuidField } from '../values/fields.js';

export const DATABASE_RESTORED = 'DatabaseRestored';

/**
 * The database is an older copy of the one that published before: what was published after `copied_at` is not in it. `from` and `to` are the
 * incarnation before and after.
 *
 * Subscribers to alerts get it, too. `fqdn` is empty, because it is about all engines, and `sequence` is far above all earlier ones: a
 * subscriber that knows nothing of this event sees a gap and asks which alerts are active; one that knows it asks again even if it has just
 * asked, because what waited before it in the queue may tell of alerts that no longer are. `alert_id` is no alert's.
 */
export const databaseRestoredData = z.object({
  ...administrationFields,
  from: textField,
  to: textField,
  copied_at: instantField.nullable(),
  fqdn: z.literal(''),
  alert_id: uuidField,
  sequence: z.int().min(1),
});
export type DatabaseRestoredData = z.input<typeof databaseRestoredData>;

/** For the audit log. */
export function databaseRestored(data: DatabaseRestoredData): OutgoingEvent<DatabaseRestoredData> {
  return { ...administrationEvent(DATABASE_RESTORED, data), source: PRODUCT_SOURCE };
}

/** The same event for subscribers, once for each kind of alert that they may have bound their queue to. */
export function databaseRestoredForSubscribers(
  event: OutgoingEvent<DatabaseRestoredData>,
): OutgoingEvent<DatabaseRestoredData>[] {
  return ALERTS.map((alert) => ({
    ...event,
    exchange: ALERTS_EXCHANGE,
    routingKey: `${DATABASE_RESTORED}.${alert}`,
  }));
}

export const databaseRestoredExample: DatabaseRestoredData = {
  who: 'freshness-checker',
  what: 'database',
  from: '0',
  to: '1',
  when: '2026-11-23T03:00:00.000Z',
  copied_at: '2026-11-22T03:00:00.000Z',
  fqdn: '',
  alert_id: '019ab0c5-0d1b-7c4e-8a21-5b0d8a3e9f10',
  sequence: 1_000_000,
};
