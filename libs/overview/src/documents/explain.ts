import { z } from 'zod';
import type { Explanation } from '../judgement/explain-decision.js';
import type { EngineSituation } from '../state/engine-situations.js';
import type { LatestReport } from '../state/latest-reports.js';
import type { ProductState } from '../state/product-state.js';
import { engineFields, engineSchema, reportStatusSchema } from './engine.js';
import { instant, utc } from './fields.js';

/** `explain FQDN --json`: one engine, the present decision about it and its reason, and its latest reports. */
export const explainSchema = engineSchema
  .extend({
    now: instant,
    /** Null if no decision is made, since settings or facts cannot be read. */
    outcome: z.enum(['unchanged', 'raised', 'cleared', 'superseded']).nullable(),
    reason: z.string().nullable(),
    explanation: z.string(),
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
}

/** @param sentence the explanation in words; they are made where it is shown */
export function explainDocument(explained: Explained, sentence: string): ExplainDocument {
  const { product, engine, reports, explanation } = explained;
  return explainSchema.parse({
    ...engineFields(engine, product),
    now: utc(product.now),
    outcome: explanation?.parameters.outcome ?? null,
    reason: explanation?.kind ?? null,
    explanation: sentence,
    latest_reports: reports,
  });
}
