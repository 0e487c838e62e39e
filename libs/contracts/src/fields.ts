import { z } from 'zod';
import { FQDN_EXPECTED, normalizeFqdn } from './fqdn.js';
import { INSTANT_EXPECTED, parseInstant } from './instant.js';
import { hasMoreCharacters, isStorableText, storableText } from './text.js';

/** The kinds of field in messages; the message of each schema says what is expected. */

/** A string as `read` returns it; refused if `read` returns undefined. */
function readString(read: (text: string) => string | undefined, expected: string) {
  return z.string({ error: expected }).transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.issues.push({ code: 'custom', message: expected, input: text });
    return z.NEVER;
  });
}

export const fqdnField = readString(normalizeFqdn, FQDN_EXPECTED);
export const instantField = readString(parseInstant, INSTANT_EXPECTED);
export const textField = z.string({ error: 'text' }).transform(storableText);

export const ID_EXPECTED = 'text of 1 to 255 characters, with no NUL and no lone surrogate';

export function isId(text: string): boolean {
  return isKeyText(text, 255);
}

/** Whether a text can be part of a key: not empty, not too long, and stored by the database unchanged. */
export function isKeyText(text: string, charactersMax: number): boolean {
  return text !== '' && !hasMoreCharacters(text, charactersMax) && isStorableText(text);
}

export const idField = z.string({ error: ID_EXPECTED }).refine(isId, { error: ID_EXPECTED });

const RUN_ID_EXPECTED = `${ID_EXPECTED}, or no run_id at all`;
export const runIdField = z
  .string({ error: RUN_ID_EXPECTED })
  .refine(isId, { error: RUN_ID_EXPECTED })
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
