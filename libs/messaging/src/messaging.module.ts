import type { TopologyNames } from '@backup-awareness/contracts';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import {
  openBrokerConnection,
  virtualHostOf,
  type BrokerConnection,
  type BrokerTls,
} from './connection/broker-connection.js';
import { Publisher } from './publishing/publisher.js';
import { TopologyWatch } from './topology/topology-watch.js';

export interface MessagingOptions {
  /** The service's name, shown by the broker for its connections. */
  readonly name: string;
  readonly url: string;
  /** Reads the certificates, each time that they may have been renewed. */
  readonly readTls: () => BrokerTls;
  /** The broker's management API with a monitoring user; undefined if it is not configured. */
  readonly managementUrl?: string | undefined;
  /** What must exist at the broker before the service is ready. */
  readonly needs: TopologyNames;
}

/** The connection for consuming and for queries; the publisher has its own. */
export const CONSUMING = Symbol('connection for consuming');

/** A service's two connections to the broker, closed after everything that uses them has stopped. */
@Module({})
export class MessagingModule implements OnApplicationShutdown {
  static forService({ name, url, readTls, managementUrl, needs }: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      providers: [
        { provide: CONSUMING, useFactory: () => openBrokerConnection(url, name, readTls) },
        { provide: Publisher, useFactory: () => Publisher.open(url, `${name} publisher`, readTls) },
        {
          provide: TopologyWatch,
          inject: [CONSUMING],
          useFactory: (connection: BrokerConnection) => {
            const watch = new TopologyWatch(connection, needs, {
              managementUrl,
              readTls,
              vhost: virtualHostOf(url),
            });
            watch.start();
            return watch;
          },
        },
      ],
      exports: [CONSUMING, Publisher, TopologyWatch],
    };
  }

  constructor(
    @Inject(CONSUMING) private readonly connection: BrokerConnection,
    private readonly publisher: Publisher,
    private readonly topology: TopologyWatch,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    this.topology.stop();
    await Promise.all([this.publisher.close(), this.connection.close()]);
  }
}
