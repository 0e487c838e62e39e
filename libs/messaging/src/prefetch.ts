import type { Delivery } from './delivery.js';
import { HELD_BYTES_MAX } from './intake.js';

/** Room for another batch to arrive while the others are in work. */
const PREFETCH_MAX = 1_000;
const PREFETCH_MIN = 8;
/** How much of the largest size is remembered from batch to batch. */
const REMEMBERED = 0.98;

/** How many messages to ask for at once: few where messages have been large of late, so that what is held stays within bounds. */
export class Prefetch {
  private largestBytes = 1;

  /** The prefetch that fits after a batch. */
  after(batch: readonly Delivery[]): number {
    const largest = Math.max(...batch.map(({ body }) => body.byteLength));
    this.largestBytes = Math.max(largest, this.largestBytes * REMEMBERED, 1);
    const fitting = Math.floor(HELD_BYTES_MAX / this.largestBytes);
    return Math.min(PREFETCH_MAX, Math.max(PREFETCH_MIN, fitting));
  }
}
