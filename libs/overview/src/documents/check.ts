import { z } from 'zod';
import type { Figure } from '../judgement/figures.js';
import type { OverviewState } from '../judgement/judge-product.js';

/** `check --json`: the state, the exit code of the plugin, every reason as a sentence, and figures by name. */
export const checkSchema = z.strictObject({
  state: z.enum(['OK', 'WARNING', 'CRITICAL', 'UNKNOWN']),
  exit_code: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
  reasons: z.array(z.string()),
  figures: z.record(z.string(), z.number()),
});

export type CheckDocument = z.infer<typeof checkSchema>;

/** @param exitCode of a monitoring plugin for that state */
export function checkDocument(
  state: OverviewState,
  exitCode: number,
  reasons: readonly string[],
  figures: readonly Figure[],
): CheckDocument {
  return checkSchema.parse({
    state,
    exit_code: exitCode,
    reasons,
    figures: Object.fromEntries(figures.map(({ name, value }) => [name, value])),
  });
}
