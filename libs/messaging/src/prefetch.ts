import type { Delivery } from './delivery.js';
import { HELD_BYTES_MAX } from './intake.js';

/** Room for another batch to arrive while the others are in work. */
const PREFETCH_MAX = 1_000;
const PREFETCH_MIN = 8;
/** How slowly the largest size seen is forgotten: the factor for each batch. */
const REMEMBERED = 0.98;

/** The prefetch: small after large messages, so that what is held stays within its limit. */
export class Prefetch {
  private largestBytes = 1;

  /** The prefetch to use after this batch. */
  after(batch: readonly Delivery[]): number {
    const largest = Math.max(...batch.map(({ body }) => body.byteLength));
    this.largestBytes = Math.max(largest, this.largestBytes * REMEMBERED, 1);
    const fitting = Math.floor(HELD_BYTES_MAX / this.largestBytes);
    return Math.min(PREFETCH_MAX, Math.max(PREFETCH_MIN, fitting));
  }
}
