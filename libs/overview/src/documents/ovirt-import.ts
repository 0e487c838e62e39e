import { z } from 'zod';
import { instant } from './fields.js';

/** Why a success in oVirt's table is not imported. */
const LEFT_OUT_REASONS = [
  'no_host_name',
  'invalid_host_name',
  'invalid_scope',
  'in_future',
  'before_1970',
  'other_broker_user',
  'too_many_engines',
] as const;

/** `import --from-ovirt --json`; with `--preview` what would be done. */
export const ovirtImportSchema = z.strictObject({
  preview: z.boolean(),
  /** All rows of oVirt's table. */
  rows: z.int(),
  successes: z.int(),
  /** Last successes of an engine and scope, published in this run. */
  reports: z.array(z.strictObject({ fqdn: z.string(), scope: z.string(), done_at: instant })),
  /** Last successes that were not published, since they or later ones are stored already. */
  already_known: z.int(),
  /** How many of `reports` were stored at the end of the command; the others are in the queue. Null in a preview. */
  stored: z.int().nullable(),
  /** Engines that are retired: their reports are stored, but do not resume monitoring. */
  retired: z.array(z.string()),
  left_out: z.array(
    z.strictObject({
      reason: z.enum(LEFT_OUT_REASONS),
      /** Of oVirt's table. */
      rows: z.int(),
      examples: z.array(
        z.strictObject({ fqdn: z.string().nullable(), scope: z.string(), done_at: z.string() }),
      ),
    }),
  ),
  settings: z.array(
    z.strictObject({
      name: z.string(),
      outcome: z.enum(['changed', 'unchanged', 'refused', 'missing']),
      /** Our value before. */
      from: z.string(),
      /** The value in oVirt's table; null without one. */
      to: z.string().nullable(),
      /** Which values are valid, if it was refused. */
      expected: z.string().nullable(),
    }),
  ),
});

export type OvirtImportDocument = z.infer<typeof ovirtImportSchema>;

export function ovirtImportDocument(result: OvirtImportDocument): OvirtImportDocument {
  return ovirtImportSchema.parse(result);
}
