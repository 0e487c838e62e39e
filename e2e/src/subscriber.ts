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
  /** All events so far, in the order of receipt. */
  readonly received: readonly ReceivedEvent[];
  /** Leaves, and keeps its queue; the same name returns to it. */
  leave(): Promise<void>;
}

/** Subscribes to alerts as any component may: with its own durable queue, bound to the existing exchange. */
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
