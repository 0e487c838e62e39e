import { z } from 'zod';
import { FQDN_EXPECTED, normalizeFqdn } from './fqdn.js';
import { INSTANT_EXPECTED, parseInstant } from './instant.js';
import { hasMoreCharacters, isStorableText, storableText } from './text.js';

/** The kinds of field in messages; the message of each schema says what is expected. */

/** What a published schema says of a text, which `read` holds it to. */
type SchemaOfText = Readonly<Record<string, string | number>>;

/** A string as `read` returns it; refused if `read` returns undefined. */
function readString(
  read: (text: string) => string | undefined,
  expected: string,
  schema: SchemaOfText,
) {
  return z
    .string({ error: expected })
    .meta(schema)
    .transform((text, context) => {
      const value = read(text);
      if (value !== undefined) return value;
      context.issues.push({ code: 'custom', message: expected, input: text });
      return z.NEVER;
    });
}

export const fqdnField = readString(normalizeFqdn, FQDN_EXPECTED, {
  minLength: 1,
  pattern: '^[A-Za-z0-9.-]+$',
});
export const instantField = readString(parseInstant, INSTANT_EXPECTED, { format: 'date-time' });
export const textField = z.string({ error: 'text' }).transform(storableText);

export const ID_EXPECTED = 'text of 1 to 255 characters, with no NUL and no lone surrogate';

export function isId(text: string): boolean {
  return isKeyText(text, 255);
}

/** Whether a text can be part of a key: not empty, not too long, and stored by the database unchanged. */
export function isKeyText(text: string, charactersMax: number): boolean {
  return text !== '' && !hasMoreCharacters(text, charactersMax) && isStorableText(text);
}

const idSchema: SchemaOfText = { minLength: 1, maxLength: 255 };
export const idField = z
  .string({ error: ID_EXPECTED })
  .refine(isId, { error: ID_EXPECTED })
  .meta(idSchema);

const RUN_ID_EXPECTED = `${ID_EXPECTED}, or no run_id at all`;
export const runIdField = z
  .string({ error: RUN_ID_EXPECTED })
  .refine(isId, { error: RUN_ID_EXPECTED })
  .meta(idSchema)
  .nullish()
  .transform((runId) => runId ?? null);

export const uuidField = z.guid({ error: 'a UUID' });
export const countField = z.int({ error: 'a whole number, 0 or more' }).min(0, {
  error: 'a whole number, 0 or more',
});
export const sequenceField = z.int({ error: 'a whole number, 1 or more' }).min(1, {
  error: 'a whole number, 1 or more',
});
export const daysField = z.number({ error: 'a number of days above 0' }).positive({
  error: 'a number of days above 0',
});
