import { createHash } from 'node:crypto';
import type { Delivery } from './delivery.js';

/** From this many deliveries on a message is tried alone: a crash may be its doing. */
const SUSPECT_FROM = 3;

/** From this many on it is tried no more. */
export const HOPELESS_FROM = 10;

const REMEMBERED_MAX = 10_000;

export type Standing = 'ordinary' | 'suspect' | 'hopeless';

/**
 * Counts how often a message has been tried in vain. What we gave back because the environment was at fault does not count:
 * else a long outage would make dead letters of healthy reports.
 */
export class Attempts {
  private readonly excused = new Map<string, number>();

  standingOf(delivery: Delivery): Standing {
    if (delivery.deliveryCount < SUSPECT_FROM) return 'ordinary';
    const count = delivery.deliveryCount - (this.excused.get(keyOf(delivery)) ?? 0);
    if (count >= HOPELESS_FROM) return 'hopeless';
    return count >= SUSPECT_FROM ? 'suspect' : 'ordinary';
  }

  excuse(delivery: Delivery): void {
    const key = keyOf(delivery);
    const count = this.excused.get(key) ?? 0;
    this.excused.delete(key);
    this.excused.set(key, count + 1);
    const oldest = this.excused.keys().next();
    if (this.excused.size > REMEMBERED_MAX && !oldest.done) this.excused.delete(oldest.value);
  }
}

function keyOf({ body, messageId }: Delivery): string {
  return `${createHash('sha1').update(body).digest('base64')} ${messageId ?? ''}`;
}
