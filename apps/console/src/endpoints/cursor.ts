import { z } from 'zod';

const EXPECTED = 'a next_cursor of this list';

/** The place of the last item of a page, as the client gives it back. */
export function cursorOf<Place>(schema: z.ZodType<Place>) {
  return z.string({ error: EXPECTED }).transform((text, context): Place => {
    const place = schema.safeParse(decoded(text));
    if (place.success) return place.data;
    context.addIssue({ code: 'custom', message: EXPECTED });
    return z.NEVER;
  });
}

/** The text of a place that `cursorOf` parses. */
export function cursorText(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
