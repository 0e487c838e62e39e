import { describe, FQDN_EXPECTED, normalizeFqdn } from '@backup-awareness/contracts/plain';
import { WrongUse } from '../../output/failure.js';

/**
 * The host name of an engine as it is kept. Refused before anything is asked of the database: even where nothing is running.
 *
 * @param what the argument or option that holds it
 */
export function requireFqdn(text: string, what = 'fqdn'): string {
  const fqdn = normalizeFqdn(text);
  if (fqdn !== undefined) return fqdn;
  throw new WrongUse(`${what}: expected ${FQDN_EXPECTED}, got ${describe(text)}`);
}
