import { z } from 'zod';
import type { ActiveAlertRow } from '../state/active-alerts.js';
import type { EngineSituation } from '../state/engine-situations.js';
import type { ProductState } from '../state/product-state.js';
import { instant, utc } from './fields.js';

const REPORT_STATUSES = ['completed', 'failed', 'started'] as const;
export const reportStatusSchema = z.enum(REPORT_STATUSES);

export const activeAlertSchema = z.strictObject({
  alert_id: z.string(),
  alert: z.string(),
  /** Of an alert about a run, if its reports have one; otherwise null. */
  run_id: z.string().nullable(),
  scopes: z.array(z.string()).nullable(),
  since: instant,
  raised_at: instant,
  sequence: z.int(),
  dismissed_at: instant.nullable(),
  dismissed_by: z.string().nullable(),
  message: z.string(),
});

/** One engine: its verdict, and the facts behind it. */
export const engineSchema = z.strictObject({
  fqdn: z.string(),
  watched: z.boolean(),
  watched_since: instant,
  retired_at: instant.nullable(),
  /** Null if it cannot be judged. */
  verdict: z.enum(['fresh', 'too_old', 'no_full_backup', 'unknown']).nullable(),
  last_db_success_at: instant.nullable(),
  last_files_success_at: instant.nullable(),
  last_full_backup_at: instant.nullable(),
  age_seconds: z.number().nullable(),
  alert_period_days: z.number().nullable(),
  alert_period_is_own: z.boolean(),
  broker_user: z.string().nullable(),
  active_alerts: z.array(activeAlertSchema),
  failed_runs: z.array(
    z.strictObject({ scope: z.string(), failed_at: instant, received_at: instant }),
  ),
  /** Null if it has a full backup, or has reported nothing. */
  latest_report: z
    .strictObject({
      scope: z.string(),
      status: reportStatusSchema,
      done_at: instant,
      received_at: instant,
    })
    .nullable(),
});

export type EngineDocument = z.infer<typeof engineSchema>;

/** `engines list --json`. */
export const enginesListSchema = z.array(engineSchema);

/** One engine as part of a document, not yet validated. */
export function engineFields(engine: EngineSituation, { now, time }: ProductState): object {
  const { freshness, lastFullBackupAt } = engine;
  const ageMs = lastFullBackupAt === null ? null : Math.max(0, now - lastFullBackupAt);
  return {
    fqdn: engine.fqdn,
    watched: engine.retiredAt === null,
    watched_since: utc(engine.watchedSinceAt),
    retired_at: utc(engine.retiredAt),
    verdict: time.isKnown ? (freshness?.verdict ?? null) : 'unknown',
    last_db_success_at: utc(engine.lastDbSuccessAt),
    last_files_success_at: utc(engine.lastFilesSuccessAt),
    last_full_backup_at: utc(lastFullBackupAt),
    age_seconds: ageMs === null ? null : ageMs / 1_000,
    alert_period_days: engine.alertPeriodDays ?? null,
    alert_period_is_own: engine.hasOwnPeriod,
    broker_user: engine.brokerUser,
    active_alerts: engine.activeAlerts.map(alertFields),
    failed_runs: engine.failedRuns.map(({ scope, failedAt, receivedAt }) => ({
      scope,
      failed_at: utc(failedAt),
      received_at: utc(receivedAt),
    })),
    latest_report: engine.latestReport && {
      scope: engine.latestReport.scope,
      status: engine.latestReport.status,
      done_at: utc(engine.latestReport.doneAt),
      received_at: utc(engine.latestReport.receivedAt),
    },
  };
}

export function alertFields(alert: ActiveAlertRow): object {
  return {
    alert_id: alert.alertId,
    alert: alert.alert,
    run_id: alert.runId,
    scopes: alert.scopes,
    since: utc(alert.sinceAt),
    raised_at: utc(alert.decidedAt),
    sequence: alert.sequence,
    dismissed_at: utc(alert.dismissedAt),
    dismissed_by: alert.dismissedBy,
    message: alert.message,
  };
}

/** Every engine, retired ones too. */
export function enginesListDocument(product: ProductState): EngineDocument[] {
  return enginesListSchema.parse(product.engines.map((engine) => engineFields(engine, product)));
}
