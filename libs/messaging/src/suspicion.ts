import { createHash } from 'node:crypto';
import type { Delivery } from './delivery.js';

/** After this many deliveries a message is tried alone: it may have crashed its consumer. */
const SUSPECT_FROM = 3;

const REMEMBERED_MAX = 10_000;

/**
 * Decides by the delivery count which messages are tried alone. Deliveries that this process requeued because the environment was at
 * fault are excused, or a whole backlog would be tried one by one after an outage. Where the broker counts differently (since RabbitMQ
 * 4.3 requeued messages are not counted), or counts deliveries to other replicas, that costs time but makes no dead letter: see
 * LoneTries.
 */
export class Suspicion {
  private readonly excused = new Map<string, number>();

  isSuspect(delivery: Delivery): boolean {
    if (delivery.deliveryCount < SUSPECT_FROM) return false;
    return delivery.deliveryCount - (this.excused.get(keyOf(delivery)) ?? 0) >= SUSPECT_FROM;
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
