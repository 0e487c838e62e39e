import type { Place } from '@backup-awareness/overview/judgement';
import { z } from 'zod';

const EXPECTED = 'a next_cursor of this list';

const placeSchema = z.tuple([z.number(), z.number(), z.string()]);

/** The place of the last item of a page, as the client gives it back. */
export const placeCursor = z.string({ error: EXPECTED }).transform((text, context): Place => {
  const place = placeSchema.safeParse(decoded(text));
  if (place.success) {
    const [group, rank, fqdn] = place.data;
    return { group, rank, fqdn };
  }
  context.addIssue({ code: 'custom', message: EXPECTED });
  return z.NEVER;
});

export function cursorOf({ group, rank, fqdn }: Place): string {
  return Buffer.from(JSON.stringify([group, rank, fqdn])).toString('base64url');
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
}
