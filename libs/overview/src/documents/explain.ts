import { z } from 'zod';
import type { Explanation } from '../judgement/explain-decision.js';
import type { WhatComesNext } from '../judgement/what-comes-next.js';
import type { EngineEvidence } from '../state/engine-evidence.js';
import type { EngineSituation } from '../state/engine-situations.js';
import type { LatestReport } from '../state/latest-reports.js';
import type { ProductState } from '../state/product-state.js';
import { engineFields, engineSchema, reportStatusSchema } from './engine.js';
import { instant, utc } from './fields.js';

const nextSchema = z
  .strictObject({
    kind: z.enum([
      'turns_too_old',
      'alert_is_raised',
      'alert_is_cleared',
      'alert_stays',
      'nothing',
      'unknown',
    ]),
    /** Until when, inclusive, it is fresh if nothing more arrives; null unless it is fresh. */
    fresh_until: instant.nullable(),
    /** The check that raises the alert; null if none does, if the next second does, or if no checker runs. */
    check_at: instant.nullable(),
    alert: z.string().nullable(),
    /** A success of each of these keeps it fresh for longer, or makes it fresh. */
    needed_scopes: z.array(z.enum(['db', 'files'])),
  })
  .meta({ id: 'WhatComesNext' });

const evidenceSchema = z
  .strictObject({
    last_successes: z.array(
      z.strictObject({
        scope: z.string(),
        event_id: z.string(),
        done_at: instant,
        received_at: instant,
        counted_at: instant,
        reported_by: z.string().nullable(),
        audit_log_id: z.string().nullable(),
      }),
    ),
    /** Of the alert period; null where it was never changed, or the audit log no longer says. */
    period: z.strictObject({
      changed_at: instant.nullable(),
      set_by: z.string().nullable(),
      audit_log_id: z.string().nullable(),
    }),
    monitoring: z.strictObject({
      added_by: z.string().nullable(),
      audit_log_id: z.string().nullable(),
    }),
    alerts: z.array(z.strictObject({ alert_id: z.string(), audit_log_id: z.string().nullable() })),
    last_check_at: instant.nullable(),
    next_check_at: instant.nullable(),
  })
  .meta({ id: 'Evidence' });

/** `explain FQDN --json`: one engine, the present decision about it and its reason, and its latest reports. */
export const explainSchema = engineSchema
  .extend({
    now: instant,
    /** Null if no decision is made, since settings or facts cannot be read. */
    outcome: z.enum(['unchanged', 'raised', 'cleared', 'superseded']).nullable(),
    reason: z.string().nullable(),
    /** When the decision takes effect. */
    effect: z
      .enum(['none', 'superseded', 'within_seconds', 'next_check', 'when_checker_runs'])
      .nullable(),
    explanation: z.string(),
    next: nextSchema,
    /** The rows behind the verdict. */
    evidence: evidenceSchema,
    latest_reports: z.array(
      z.strictObject({
        done_at: instant,
        scope: z.string(),
        status: reportStatusSchema,
        counted_at: instant,
        received_at: instant,
        output_message: z.string(),
        log_path: z.string(),
        reported_by: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Explanation' });

export type ExplainDocument = z.infer<typeof explainSchema>;

export interface Explained {
  readonly product: ProductState;
  readonly engine: EngineSituation;
  readonly reports: readonly LatestReport[];
  readonly explanation: Explanation | undefined;
  readonly next: WhatComesNext;
  readonly evidence: EngineEvidence;
}

/** @param sentence the explanation in words; they are made where it is shown */
export function explainDocument(explained: Explained, sentence: string): ExplainDocument {
  const { product, engine, reports, explanation, next, evidence } = explained;
  return explainSchema.parse({
    ...engineFields(engine, product),
    now: utc(product.now),
    outcome: explanation?.parameters.outcome ?? null,
    reason: explanation?.kind ?? null,
    effect:
      explanation && 'effect' in explanation.parameters ? explanation.parameters.effect : null,
    explanation: sentence,
    next: {
      kind: next.kind,
      fresh_until: utc(next.freshUntilAt),
      check_at: utc(next.checkAt),
      alert: next.alert,
      needed_scopes: next.neededScopes,
    },
    evidence: {
      ...evidence,
      last_check_at: utc(product.lastCheck?.at ?? null),
      next_check_at:
        explanation && 'nextCheckAt' in explanation.instants
          ? utc(explanation.instants.nextCheckAt)
          : null,
    },
    latest_reports: reports,
  });
}
