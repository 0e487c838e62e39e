import type { ListedAudit } from '@backup-awareness/database';
import { z } from 'zod';
import { instant } from './fields.js';

export const auditRowSchema = z.strictObject({
  /** A bigint, as text. */
  audit_log_id: z.string(),
  log_time: instant,
  log_type_name: z.string(),
  log_type: z.int(),
  severity: z.int(),
  message: z.string(),
  origin: z.string(),
  correlation_id: z.string().nullable(),
  fqdn: z.string().nullable(),
  alert_id: z.string().nullable(),
  event_id: z.string(),
  event_name: z.string(),
  custom_data: z.json(),
});

/** `audit --json`; with `--follow` one row a line. */
export const auditSchema = z.array(auditRowSchema);

export type AuditRowDocument = z.infer<typeof auditRowSchema>;

export function auditRowDocument(row: ListedAudit): AuditRowDocument {
  return auditRowSchema.parse(row);
}

export function auditDocument(rows: readonly ListedAudit[]): AuditRowDocument[] {
  return auditSchema.parse(rows);
}
