import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import { lastValueFrom } from 'rxjs';
import { BatchConsumer, type BatchConsumerOptions } from './batch-consumer.js';
import type { BrokerConnection } from '../connection/broker-connection.js';
import type { Delivery } from './delivery.js';
import type { Outcome } from './outcome.js';
import type { MessageTries } from '../dead-letters/message-tries.js';
import type { Publisher } from '../publishing/publisher.js';

export interface BatchTransportOptions {
  readonly connection: BrokerConnection;
  readonly publisher: Publisher;
  readonly probe: () => Promise<void>;
  readonly tries: MessageTries;
  readonly onSettled?: BatchConsumerOptions['onSettled'];
}

/** Marks a handler as one of this transport: `@EventPattern<string>(QUEUE, BATCHES)`. */
export const BATCHES = Symbol('backup-awareness batches');

/**
 * Nest's transport for queues that are consumed in batches: a handler's pattern is a queue's name, its payload the batch
 * (`Delivery[]`), and it returns an outcome for each message.
 */
export class BatchTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = BATCHES;
  private consumers: BatchConsumer[] = [];

  constructor(private readonly options: BatchTransportOptions) {
    super();
  }

  listen(callback: () => void): void {
    const { connection, publisher, probe, tries, onSettled } = this.options;
    this.consumers = [...this.messageHandlers.keys()].map(
      (queue) =>
        new BatchConsumer({
          queue,
          connection,
          publisher,
          probe,
          tries,
          handle: (batch) => this.dispatch(queue, batch),
          ...(onSettled && { onSettled }),
        }),
    );
    this.consumers.forEach((consumer) => consumer.start());
    callback();
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.stop()));
  }

  /** Why a queue is not consumed now, or undefined while all are. */
  unreadyReason(): string | undefined {
    if (this.consumers.length === 0) return 'not started';
    return this.consumers
      .map((consumer) => consumer.unreadyReason())
      .find((it) => it !== undefined);
  }

  on(): void {
    throw new Error('this transport has no events; ask unreadyReason()');
  }

  unwrap<T>(): T {
    return this.options.connection.model as T;
  }

  private async dispatch(queue: string, batch: readonly Delivery[]): Promise<readonly Outcome[]> {
    const handler = this.messageHandlers.get(queue)!;
    const outcomes = this.transformToObservable(await handler(batch));
    return (await lastValueFrom(outcomes)) as readonly Outcome[];
  }
}
