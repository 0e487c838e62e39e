import { FQDN_EXPECTED, normalizeFqdn } from '@backup-awareness/contracts';
import { z } from 'zod';

/** An instant of a request, with its offset. */
export const instantText = z.iso
  .datetime({ offset: true, error: 'an instant as 2026-11-20T06:00:00Z' })
  .transform((text) => new Date(text));

/** A whole number in a query. */
export function wholeText(from: number, until: number) {
  const error = `a whole number from ${from} to ${until}`;
  return z
    .string({ error })
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value >= from && value <= until, { error });
}

export const fqdnText = z
  .string({ error: FQDN_EXPECTED })
  .refine((text) => normalizeFqdn(text) !== undefined, { error: FQDN_EXPECTED })
  .transform((text) => normalizeFqdn(text)!);

export const fqdnParams = z.strictObject({ fqdn: fqdnText });
