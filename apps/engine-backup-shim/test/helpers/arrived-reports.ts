import type { TestBroker } from '@backup-awareness/testing';
import type { MessageProperties } from 'amqplib';

export interface ArrivedReport {
  readonly routingKey: string;
  readonly properties: MessageProperties;
  /** The CloudEvent. */
  readonly event: {
    readonly id: string;
    readonly source: string;
    readonly subject: string;
    readonly time: string;
    readonly traceparent?: string;
    readonly data: Readonly<Record<string, unknown>>;
  };
}

/** Drains ingest's queue, in order. */
export async function arrivedReports(broker: TestBroker): Promise<ArrivedReport[]> {
  const messages = await broker.drain('backup-awareness.ingest');
  return messages.map(({ content, properties, fields }) => ({
    routingKey: fields.routingKey,
    properties,
    event: JSON.parse(content.toString()) as ArrivedReport['event'],
  }));
}
