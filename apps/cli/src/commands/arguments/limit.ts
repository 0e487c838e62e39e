import { describe } from '@backup-awareness/contracts/plain';
import { WrongUse } from '../../output/failure.js';

const LIMIT_MAX = 1_000_000;

/** The value of `--limit`. @throws WrongUse */
export function readLimit<T>(text: string | undefined, byDefault: T): number | T {
  if (text === undefined) return byDefault;
  const limit = Number(text);
  if (/^\d{1,7}$/.test(text) && limit >= 1 && limit <= LIMIT_MAX) return limit;
  throw new WrongUse(
    `--limit: expected a whole number from 1 to ${LIMIT_MAX}, got ${describe(text)}`,
  );
}
