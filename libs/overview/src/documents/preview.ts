import { z } from 'zod';
import type { ReadPreview } from '../judgement/read-preview.js';
import { instant, utc } from './fields.js';

/** `config -s KEY=VALUE --preview --json`, and that of `engines set`: what a change would do. */
export const previewSchema = z
  .strictObject({
    raises: z.array(z.string()),
    clears: z.array(z.string()),
    /** Monitored engines whose alert stays as it is. */
    unchanged: z.int(),
    /** How many days of the past are compared: 30, or as many as are known. */
    past_days: z.int(),
    past_raises_now: z.int(),
    past_raises_then: z.int(),
    /** A change that the audit log does not have yet, which makes the time before it unknown. */
    unrecorded_change: z.strictObject({ setting: z.string(), at: instant }).nullable(),
  })
  .meta({ id: 'Preview' });

export type PreviewDocument = z.infer<typeof previewSchema>;

export type Preview = ReadPreview;

export function previewDocument(preview: Preview): PreviewDocument {
  const { raises, clears, unchanged, pastDays, past, unrecordedChange } = preview;
  return previewSchema.parse({
    raises,
    clears,
    unchanged,
    past_days: pastDays,
    past_raises_now: past.asItWas,
    past_raises_then: past.withChange,
    unrecorded_change: unrecordedChange && {
      setting: unrecordedChange.setting,
      at: utc(unrecordedChange.at),
    },
  });
}
