import { createHash } from 'node:crypto';
import type { Delivery } from './delivery.js';

/** From this many deliveries on a message is tried alone: a crash may be its doing. */
const SUSPECT_FROM = 3;

const REMEMBERED_MAX = 10_000;

/**
 * Which messages are to be tried alone, by how often the broker has delivered them; what this process gave back itself, since the
 * environment was at fault, does not make one suspect, or the whole of a backlog would be tried one by one after an outage. That
 * the broker counts otherwise (since RabbitMQ 4.3 what is given back is not counted), or for other replicas too, costs time and
 * condemns nobody: see LoneTries.
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
