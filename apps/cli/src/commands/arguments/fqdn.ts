import {
  describe,
  FQDN_EXPECTED,
  HOST_NAME_EXPECTED,
  isHostName,
  normalizeFqdn,
} from '@backup-awareness/contracts/plain';
import { WrongUse } from '../../output/failure.js';

/**
 * The host name of an engine, normalized. To be called before anything connects: a bad name is refused even if nothing is running.
 *
 * @param what the argument or option that holds it
 */
export function requireFqdn(text: string, what = 'fqdn'): string {
  const fqdn = normalizeFqdn(text);
  if (fqdn !== undefined) return fqdn;
  throw new WrongUse(`${what}: expected ${FQDN_EXPECTED}, got ${describe(text)}`);
}

/** The same for an engine that an administrator adds: a mistyped name that no host can have would never report. */
export function requireHostName(text: string, what = 'fqdn'): string {
  const fqdn = requireFqdn(text, what);
  if (isHostName(fqdn)) return fqdn;
  throw new WrongUse(`${what}: expected ${HOST_NAME_EXPECTED}, got ${describe(text)}`);
}
