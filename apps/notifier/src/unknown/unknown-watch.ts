import { endUnknown, seeUnknown } from '@backup-awareness/database';
import type { ProductView } from '@backup-awareness/overview/judgement';
import type { DataSource } from 'typeorm';
import { unknownReasons } from './unknown-reasons.js';

/**
 * Checks whether the status is known, and records the spells in which it is unknown, for all destinations and replicas.
 *
 * @param view reads the status
 * @returns a function that checks once; it throws errors of the database
 */
export function unknownWatch(
  db: DataSource,
  view: () => Promise<ProductView>,
): () => Promise<void> {
  const reasons = unknownReasons();
  return async () => {
    const seen = await view();
    const unknown = reasons(seen);
    const { now } = seen.product;
    await (unknown ? seeUnknown(db, now, unknown) : endUnknown(db, now));
  };
}
