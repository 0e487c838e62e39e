import { z } from 'zod';

/** An instant: RFC 3339 in UTC. */
export const instant = z.iso.datetime();

/** Whole milliseconds since 1970 as an instant of a document; null stays null. */
export function utc(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
