import { errorText } from '@backup-awareness/contracts';
import { readUnknownSpells } from '@backup-awareness/database';
import { readProductState } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import { unknownNow } from '../unknown/unknown-reasons.js';
import type { DigestView } from './compose-digest.js';
import { readMonthCoverage } from './month-coverage.js';

/**
 * Reads what the digest shows. The status is judged here too: a digest that is late, since no notifier ran, precedes the first spell.
 *
 * @throws errors of the database
 */
export async function readDigestView(db: DataSource): Promise<DigestView> {
  const product = await readProductState(db);
  const open = await readUnknownSpells(db, { endedAfter: product.now });
  const recorded = open.find(({ endedAt }) => endedAt === null)?.reason ?? null;
  return {
    product,
    unknown: unknownNow({ product, broker: undefined, services: undefined }) ?? recorded,
    coverage: await readMonthCoverage(db).catch(errorText),
  };
}
