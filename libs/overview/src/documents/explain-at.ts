import { z } from 'zod';
import type { VerdictAt } from '../judgement/verdict-at.js';
import type { AlertAt } from '../state/history/index.js';
import { instant, utc } from './fields.js';

/** `explain FQDN --at INSTANT --json`: the verdict on an engine at an instant. All but the first three fields and the explanation are null where it is unknown. */
export const explainAtSchema = z
  .strictObject({
    fqdn: z.string(),
    at: instant,
    /** Null: from the beginning. */
    can_tell_since: instant.nullable(),
    enabled: z.boolean().nullable(),
    watched: z.boolean().nullable(),
    watched_since: instant.nullable(),
    /** Null also while it was not monitored. */
    verdict: z.enum(['fresh', 'too_old', 'no_full_backup', 'unknown']).nullable(),
    reason: z.string().nullable(),
    last_db_success_at: instant.nullable(),
    last_files_success_at: instant.nullable(),
    last_full_backup_at: instant.nullable(),
    age_seconds: z.number().nullable(),
    alert_period_days: z.number().nullable(),
    /** Alerts that were active then, as they were raised. */
    active_alerts: z
      .array(
        z.strictObject({
          alert_id: z.string(),
          alert: z.string(),
          since: instant,
          raised_at: instant,
        }),
      )
      .nullable(),
    explanation: z.string(),
  })
  .meta({ id: 'PastExplanation' });

export type ExplainAtDocument = z.infer<typeof explainAtSchema>;

export interface ExplainedAt {
  readonly fqdn: string;
  readonly verdict: VerdictAt;
  readonly alerts: readonly AlertAt[];
}

/** @param sentence the explanation in words, made by the caller */
export function explainAtDocument(
  { fqdn, verdict, alerts }: ExplainedAt,
  sentence: string,
): ExplainAtDocument {
  const { at, knownSinceAt, known } = verdict;
  const facts = known?.situation.facts;
  const freshness = known?.freshness;
  return explainAtSchema.parse({
    fqdn,
    at: utc(at),
    can_tell_since: utc(knownSinceAt),
    enabled: known?.situation.featureEnabled ?? null,
    watched: facts ? !facts.retired : null,
    watched_since: facts && !facts.retired ? utc(facts.watchedSinceAt) : null,
    verdict: freshness?.verdict ?? null,
    reason: known?.standing ?? null,
    last_db_success_at: utc(facts?.lastDbSuccessAt ?? null),
    last_files_success_at: utc(facts?.lastFilesSuccessAt ?? null),
    last_full_backup_at: utc(freshness?.lastFullBackupAt ?? null),
    age_seconds: freshness && 'ageMs' in freshness ? freshness.ageMs / 1_000 : null,
    alert_period_days: known?.situation.alertPeriodDays ?? null,
    active_alerts: known
      ? alerts.map(({ alertId, alert, sinceAt, decidedAt }) => ({
          alert_id: alertId,
          alert,
          since: utc(sinceAt),
          raised_at: utc(decidedAt),
        }))
      : null,
    explanation: sentence,
  });
}
