import { dismissAlert, endDismissal } from '@backup-awareness/database';
import { listAlerts } from '@backup-awareness/database/lists';
import { alertsListDocument, alertSchema } from '@backup-awareness/overview/documents';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
import { cursorOf, cursorText } from './cursor.js';
import { fqdnText, instantText, wholeText } from './fields.js';

const alertsQuery = z.strictObject({
  active: z.enum(['true', 'false'], { error: 'true or false' }).optional(),
  fqdn: fqdnText.optional(),
  cursor: cursorOf(
    z.strictObject({ raised_at: z.iso.datetime(), fqdn: z.string(), sequence: z.int() }),
  ).optional(),
  limit: wholeText(1, 1_000).default(100),
});

const alertsPageSchema = z
  .strictObject({
    items: z.array(alertSchema),
    /** For `cursor` of the next page, which is older; null on the last one. */
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'AlertsPage' });

export const ALERT_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/alerts',
    summary:
      'All alerts, the newest first, page by page, also dismissed ones; with active= only those that are, or are not',
    needs: 'viewer',
    schemas: { query: alertsQuery },
    answer: alertsPageSchema,
    handle: async ({ db, query: { active, fqdn, cursor, limit } }) => {
      const found = await listAlerts(db, {
        all: true,
        active: active === undefined ? undefined : active === 'true',
        fqdn,
        after: cursor,
        limit: limit + 1,
      });
      const items = alertsListDocument(found.slice(0, limit));
      const last = items.at(-1);
      return { items, next_cursor: last && found.length > limit ? placeAfter(last) : null };
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
  endpoint({
    method: 'DELETE',
    path: '/alerts/{id}/dismissal',
    summary: 'End the dismissal of an alert: it is shown and sent again',
    needs: 'operator',
    schemas: { params: z.strictObject({ id: z.string() }) },
    answer: z.strictObject({ outcome: z.enum(['ended', 'not_dismissed']), alert_id: z.string() }),
    handle: async ({ db, identity: { who }, params: { id } }) => {
      const { outcome, alertId } = await endDismissal(db, { alertId: id, who });
      return { outcome, alert_id: alertId };
    },
  }),
];

function placeAfter({ raised_at, fqdn, sequence }: z.infer<typeof alertSchema>): string {
  return cursorText({ raised_at, fqdn, sequence });
}
