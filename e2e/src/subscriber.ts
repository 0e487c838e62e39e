import type { ConsumeMessage } from 'amqplib';
import type { Product } from './product.js';

export interface ReceivedEvent {
  readonly message: ConsumeMessage;
  /** The body, parsed. */
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly source: string;
    readonly subject: string;
    readonly time: string;
    readonly specversion: string;
    readonly data: Readonly<Record<string, unknown>> & {
      readonly alert_id: string;
      readonly alert: string;
      readonly fqdn: string;
      readonly sequence: number;
    };
  };
}

export interface Subscriber {
  /** All that has come so far, in the order it came. */
  readonly received: readonly ReceivedEvent[];
  /** Goes away and leaves its queue behind; give its name again to come back to it. */
  leave(): Promise<void>;
}

/** Subscribes to alerts as any component may: a durable queue of its own, bound to the exchange that is there. */
export async function subscribe(product: Product, name: string): Promise<Subscriber> {
  const queue = `subscriber.${name}`;
  const received: ReceivedEvent[] = [];
  const connection = await product.client.connection();
  const channel = await connection.createChannel();
  await channel.assertQueue(queue, { durable: true });
  await channel.bindQueue(queue, 'ovirt.backup-alerts', '#');
  await channel.consume(queue, (message) => {
    if (!message) return;
    received.push({ message, event: JSON.parse(message.content.toString()) });
    channel.ack(message);
  });
  return { received, leave: () => channel.close() };
}
