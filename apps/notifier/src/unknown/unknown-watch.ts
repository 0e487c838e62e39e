import { endUnknown, seeUnknown } from '@backup-awareness/database';
import type { ProductView } from '@backup-awareness/overview/judgement';
import type { DataSource } from 'typeorm';
import { unknownReasons } from './unknown-reasons.js';

/**
 * Looks whether it is known how things stand, and records the spells in which it is not, for all destinations and replicas.
 *
 * @param view how things stand
 * @returns one look. It throws what the database says
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
