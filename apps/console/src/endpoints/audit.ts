import {
  listAudit,
  newestSettledAudit,
  type AuditQuery,
  type ListedAudit,
} from '@backup-awareness/database/lists';
import { csvCell } from '@backup-awareness/overview/csv-cell';
import { auditDocument, auditRowSchema } from '@backup-awareness/overview/documents';
import { Readable } from 'node:stream';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { accepts, endpoint, Streamed, type Endpoint } from '../http/endpoint.js';
import { Problem } from '../http/problem.js';
import { fqdnText, instantText, wholeText } from './fields.js';

const FORMATS = { csv: 'text/csv', jsonl: 'application/x-ndjson' } as const;

const auditQuery = z.strictObject({
  since: instantText.optional(),
  until: instantText.optional(),
  fqdn: fqdnText.optional(),
  type: z
    .string({ error: 'the name of a type' })
    .max(100, { error: 'at most 100 characters' })
    .optional(),
  severity: wholeText(0, 100).optional(),
  cursor: z
    .string({ error: 'a next_cursor of this list' })
    .regex(/^\d{1,18}$/, { error: 'a next_cursor of this list' })
    .optional(),
  limit: wholeText(1, 1_000).default(100),
  /** As `Accept`, for a link of a page, which cannot send one. */
  format: z.enum(['csv', 'jsonl'], { error: 'csv or jsonl' }).optional(),
});

const auditPageSchema = z
  .strictObject({
    items: z.array(auditRowSchema),
    /** For `cursor` of the next page, which is older; null on the last one. */
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'AuditPage' });

/** A row takes some 16 KiB at most, and each client of an export that pauses holds up to two pages. */
const AT_ONCE = 250;
/** For rows that were being written when an export began. */
const SETTLED_WITHIN_MS = 10_000;

const COLUMNS = [
  'audit_log_id',
  'log_time',
  'log_type_name',
  'log_type',
  'severity',
  'message',
  'origin',
  'correlation_id',
  'fqdn',
  'alert_id',
  'event_id',
  'event_name',
] as const satisfies readonly (keyof ListedAudit)[];

export const AUDIT_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/audit',
    summary:
      'The audit log, the newest first, page by page; as text/csv or application/x-ndjson (also by format=csv or format=jsonl) the whole selection, the oldest first',
    needs: 'viewer',
    schemas: { query: auditQuery },
    answer: auditPageSchema,
    alsoAs: Object.values(FORMATS),
    handle: async ({ db, request, query: { cursor, limit, format, ...selection } }) => {
      const isWanted = (one: keyof typeof FORMATS) =>
        format === undefined ? accepts(request, FORMATS[one]) : format === one;
      if (isWanted('csv')) {
        const whole = await settled(db, selection);
        return new Streamed('text/csv; charset=utf-8', Readable.from(csvOf(db, whole)));
      }
      if (isWanted('jsonl')) {
        const whole = await settled(db, selection);
        return new Streamed(FORMATS.jsonl, Readable.from(linesOf(db, whole)));
      }
      const rows = await listAudit(db, { ...selection, before: cursor, limit: limit + 1 });
      const items = auditDocument(rows.reverse().slice(0, limit));
      const next = rows.length > limit ? items.at(-1)!.audit_log_id : null;
      return { items, next_cursor: next };
    },
  }),
];

type Selection = Omit<AuditQuery, 'after' | 'before' | 'limit'>;
type SettledSelection = Selection & { readonly before: string };

/** Up to the newest row before which none is still to come. @throws Problem 503 */
async function settled(db: DataSource, selection: Selection): Promise<SettledSelection> {
  const newest = await newestSettledAudit(db, SETTLED_WITHIN_MS);
  if (newest === undefined)
    throw new Problem(
      503,
      `a transaction has been writing to the audit log for ${SETTLED_WITHIN_MS / 1_000} s, and its rows would be left out`,
      { retryAfter: 10 },
    );
  return { ...selection, before: String(BigInt(newest) + 1n) };
}

async function* csvOf(db: DataSource, selection: SettledSelection): AsyncGenerator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for await (const rows of pagesOf(db, selection))
    yield rows
      .map((row) => `${COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`)
      .join('');
}

async function* linesOf(db: DataSource, selection: SettledSelection): AsyncGenerator<string> {
  for await (const rows of pagesOf(db, selection))
    yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Page by page, so that memory stays flat however many rows there are and however slow the client is. */
async function* pagesOf(
  db: DataSource,
  selection: SettledSelection,
): AsyncGenerator<ListedAudit[]> {
  for (let after = '0'; ;) {
    const rows = await listAudit(db, { ...selection, after, limit: AT_ONCE });
    if (rows.length > 0) yield rows;
    if (rows.length < AT_ONCE) return;
    after = rows.at(-1)!.audit_log_id;
  }
}
