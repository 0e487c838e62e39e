import { z } from 'zod';

/** `engines import --json`, and that of `engines add` with several names; with `--preview` what would be done. */
export const enginesAddedSchema = z.strictObject({
  preview: z.boolean(),
  /** Monitored for the first time. */
  added: z.array(z.string()),
  /** Retired before, and monitored again. */
  revived: z.array(z.string()),
  /** Monitored before; they keep their alert period. */
  already_monitored: z.array(z.string()),
  /** Of those revived: reports about them are accepted only from a broker user that was removed. */
  without_broker_user: z.array(z.string()),
});

export type EnginesAddedDocument = z.infer<typeof enginesAddedSchema>;

export function enginesAddedDocument(added: EnginesAddedDocument): EnginesAddedDocument {
  return enginesAddedSchema.parse(added);
}
