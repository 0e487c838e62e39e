import { z } from 'zod';
import { wallOf } from '../judgement/fleet-overview.js';
import { STANDINGS } from '../judgement/worst-first.js';
import type { FleetState } from '../state/product-state.js';
import { instant, utc } from './fields.js';

const cell = z.tuple([
  /** Its name. */
  z.string(),
  /** `stuck`: fresh, but one of its backups does not end. */
  z.enum(STANDINGS),
  /** The age of its last full backup as a share of what is allowed: 1 is the limit. */
  z.number().nullable(),
]);

/** `GET /wall`: short, so that ten thousand engines are one answer. */
export const wallSchema = z.strictObject({
  now: instant,
  /** Monitored engines, the worst first. */
  engines: z.array(cell),
});

export type WallDocument = z.infer<typeof wallSchema>;

export function wallDocument(fleet: FleetState): WallDocument {
  return wallSchema.parse({
    now: utc(fleet.now),
    engines: wallOf(fleet).map(({ fqdn, standing, share }) => [
      fqdn,
      standing,
      share === null ? null : Math.round(share * 1_000) / 1_000,
    ]),
  });
}
