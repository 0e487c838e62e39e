import { z } from 'zod';
import type { Forecast } from '../judgement/forecast.js';
import { instant, utc } from './fields.js';

/** `forecast --json`: which engines turn too old, when, and of which scope the success is the older one, if nothing more arrives. */
export const forecastSchema = z
  .strictObject({
    now: instant,
    until: instant,
    engines: z.array(
      z.strictObject({
        fqdn: z.string(),
        turns_at: instant,
        /** The check that finds it; null while the feature is off. */
        check_at: instant.nullable(),
        short_scope: z.enum(['db', 'files']),
        last_full_backup_at: instant,
      }),
    ),
    /** Whole hours in UTC; those in which no engine turns are left out. */
    by_hour: z.array(z.strictObject({ hour: instant, count: z.int() })),
  })
  .meta({ id: 'Forecast' });

export type ForecastDocument = z.infer<typeof forecastSchema>;

/** @param limit how many engines are listed at most, the first to turn first; `by_hour` counts all of them */
export function forecastDocument(
  { now, until, turns, byHour }: Forecast,
  limit = Infinity,
): ForecastDocument {
  return forecastSchema.parse({
    now: utc(now),
    until: utc(until),
    engines: turns
      .slice(0, limit)
      .map(({ fqdn, turnsAt, checkAt, shortScope, lastFullBackupAt }) => ({
        fqdn,
        turns_at: utc(turnsAt),
        check_at: utc(checkAt),
        short_scope: shortScope,
        last_full_backup_at: utc(lastFullBackupAt),
      })),
    by_hour: byHour.map(({ hourAt, count }) => ({ hour: utc(hourAt), count })),
  });
}
