import type { ListedAlert } from '@backup-awareness/database';
import { z } from 'zod';
import { instant } from './fields.js';

export const alertSchema = z
  .strictObject({
    alert_id: z.string(),
    alert: z.string(),
    fqdn: z.string(),
    active: z.boolean(),
    since: instant,
    raised_at: instant,
    cleared_at: instant.nullable(),
    reason: z.string().nullable(),
    dismissed_at: instant.nullable(),
    dismissed_by: z.string().nullable(),
    dismissed_until: instant.nullable(),
    dismissal_comment: z.string().nullable(),
    sequence: z.int(),
    message: z.string(),
  })
  .meta({ id: 'Alert' });

/** `alerts list --json`. */
export const alertsListSchema = z.array(alertSchema);

export type AlertsListDocument = z.infer<typeof alertsListSchema>;

export function alertsListDocument(alerts: readonly ListedAlert[]): AlertsListDocument {
  return alertsListSchema.parse(alerts);
}
