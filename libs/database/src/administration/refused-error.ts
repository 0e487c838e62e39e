import { refuse, type Invalid, type Result } from '@backup-awareness/contracts/plain';

/** The request is invalid. Nothing was changed, and trying again does not help. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';

  constructor(readonly invalid: Invalid) {
    super(invalid.reason);
  }
}

/** The value of a valid result. @throws RefusedError for an invalid one */
export function acceptedValue<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusedError(result.invalid);
}

/** @throws RefusedError always */
export function refuseWith(path: string, expected: string, got: string): never {
  return acceptedValue(refuse(path, expected, got));
}
