import { dismissAlert } from '@backup-awareness/database';
import { listAlerts } from '@backup-awareness/database/lists';
import { alertsListDocument, alertsListSchema } from '@backup-awareness/overview/documents';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { instantText } from './fields.js';

export const ALERT_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/alerts',
    summary:
      'All alerts, the newest first, also dismissed ones; with active= only those that are, or are not',
    needs: 'viewer',
    schemas: {
      query: z.strictObject({
        active: z.enum(['true', 'false'], { error: 'true or false' }).optional(),
      }),
    },
    answer: alertsListSchema,
    handle: async ({ db, query: { active } }) => {
      const alerts = alertsListDocument(await listAlerts(db, { all: true }));
      return active === undefined
        ? alerts
        : alerts.filter((alert) => String(alert.active) === active);
    },
  }),
  endpoint({
    method: 'POST',
    path: '/alerts/{id}/dismissal',
    summary: 'Hide an alert from people until it is cleared, or until an instant; it stays active',
    needs: 'operator',
    schemas: {
      params: z.strictObject({ id: z.string() }),
      body: z.strictObject({
        comment: z.string({ error: 'a reason in one line' }),
        until: instantText.nullable().default(null),
      }),
    },
    answer: z.strictObject({
      outcome: z.enum(['dismissed', 'already_dismissed']),
      alert_id: z.string(),
      dismissed_at: z.iso.datetime(),
      dismissed_by: z.string(),
      dismissed_until: z.iso.datetime().nullable(),
      dismissal_comment: z.string().nullable(),
    }),
    handle: async ({ db, identity: { who }, params: { id }, body: { comment, until } }) => {
      const result = await dismissAlert(db, { alertId: id, who, comment, until: () => until });
      return {
        outcome: result.outcome,
        alert_id: result.alertId,
        dismissed_at: result.dismissedAt.toISOString(),
        dismissed_by: result.dismissedBy,
        dismissed_until: result.dismissedUntil?.toISOString() ?? null,
        dismissal_comment: result.comment,
      };
    },
  }),
];
