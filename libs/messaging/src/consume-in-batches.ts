import type { FactoryProvider, Provider } from '@nestjs/common';
import { BatchTransport, type BatchTransportOptions } from './batch-transport.js';
import type { BrokerConnection } from './broker-connection.js';
import { CONSUMING } from './messaging.module.js';
import { PassageWatch, type Passages } from './passage-watch.js';
import { Publisher } from './publisher.js';
import { TopologyWatch } from './topology-watch.js';

/** What batched consuming needs of the database in which a service stores messages. */
export interface BatchStorage extends Pick<BatchTransportOptions, 'probe' | 'tries'> {
  readonly passages: Passages;
}

export interface ConsumeInBatches {
  /** The queue that probes have to reach. */
  readonly queue: string;
  /** The broker's URL, with the service's own user. */
  readonly url: string;
  readonly storage: Pick<FactoryProvider<BatchStorage>, 'inject' | 'useFactory'>;
  readonly onSettled?: BatchTransportOptions['onSettled'];
}

const BATCH_STORAGE = Symbol('storage of batches');

/** Token of `MessagingReadiness`. */
export const MESSAGING_READINESS = Symbol('readiness of messaging');

/** Checks of a service that consumes in batches; each returns its unready reason, or undefined. */
export type MessagingReadiness = Readonly<
  Record<'broker' | 'topology' | 'messages' | 'passage', () => string | undefined>
>;

/**
 * Providers of a service that consumes in batches, beside `MessagingModule.forService`: `BatchTransport`, `PassageWatch` and
 * `MESSAGING_READINESS`.
 */
export function consumeInBatches(options: ConsumeInBatches): Provider[] {
  const { queue, url, storage, onSettled } = options;
  return [
    { provide: BATCH_STORAGE, ...storage },
    {
      provide: BatchTransport,
      inject: [CONSUMING, Publisher, BATCH_STORAGE],
      useFactory: (
        connection: BrokerConnection,
        publisher: Publisher,
        { probe, tries }: BatchStorage,
      ) =>
        new BatchTransport({
          connection,
          publisher,
          probe,
          tries,
          ...(onSettled && { onSettled }),
        }),
    },
    {
      provide: PassageWatch,
      inject: [CONSUMING, Publisher, BATCH_STORAGE, BatchTransport],
      useFactory: (
        connection: BrokerConnection,
        publisher: Publisher,
        { passages }: BatchStorage,
        transport: BatchTransport,
      ) =>
        new PassageWatch({
          queue,
          url,
          connection,
          publisher,
          passages,
          unreadyReason: () =>
            connection.unreadyReason() ?? publisher.unreadyReason() ?? transport.unreadyReason(),
        }),
    },
    {
      provide: MESSAGING_READINESS,
      inject: [CONSUMING, Publisher, TopologyWatch, BatchTransport, PassageWatch],
      useFactory: (
        connection: BrokerConnection,
        publisher: Publisher,
        topology: TopologyWatch,
        transport: BatchTransport,
        passage: PassageWatch,
      ): MessagingReadiness => ({
        broker: () => connection.unreadyReason() ?? publisher.unreadyReason(),
        topology: () => topology.unreadyReason(),
        messages: () => transport.unreadyReason(),
        passage: () => passage.unreadyReason(),
      }),
    },
  ];
}
