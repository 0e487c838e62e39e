import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  AUDIT_QUEUE,
  ENGINE_BACKUP_EXCHANGE,
  INGEST_QUEUE,
  KEPT_QUEUES,
  topologyNeeds,
} from '@backup-awareness/contracts';
import { DatabaseModule, databaseUnreadyReason } from '@backup-awareness/database';
import {
  openBrokerConnection,
  TopologyWatch,
  type BrokerConnection,
} from '@backup-awareness/messaging';
import type { Reachability } from '@backup-awareness/overview/surroundings';
import {
  certificateReader,
  databaseCertificates,
  ServiceModule,
  type ReadinessChecks,
} from '@backup-awareness/service';
import {
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { DataSource } from 'typeorm';
import { oidcClient } from './access/oidc-client.js';
import { oidcConfiguration } from './access/oidc-configuration.js';
import { ownSite } from './access/own-site.js';
import type { ConsoleConfiguration } from './console-configuration.js';
import { Letters } from './dead-letters/letters.js';
import { serveConsole } from './http/serve-console.js';
import { SystemReader } from './system/system-reader.js';
import { LiveEvents } from './live/live-events.js';

const NEEDS = topologyNeeds({
  publishesTo: [ENGINE_BACKUP_EXCHANGE, ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE],
  watches: [INGEST_QUEUE, AUDIT_QUEUE, ...KEPT_QUEUES],
});

const CONNECTION = Symbol('connection to the broker');
const SERVED = Symbol('the API is served');

function reachabilityOf(connection: BrokerConnection, amqpUrl: string): Reachability {
  const error = connection.unreadyReason();
  // A broker that blocks publishers still is connected.
  if (connection.brokerVersion() !== undefined || error === undefined) return { isReachable: true };
  return { isReachable: false, host: new URL(amqpUrl).host, error };
}

/** Administrators look and change things over HTTP, by the same functions as the command line. */
@Module({})
export class ConsoleModule implements OnModuleDestroy, OnApplicationShutdown {
  /** @param page the folder of the built page */
  static configured(configuration: ConsoleConfiguration, page: string): DynamicModule {
    const { DATABASE_URL, CONSOLE_URL, AMQP_URL, AMQP_CA, AMQP_CERT, AMQP_KEY } = configuration;
    const readTls = certificateReader('AMQP', { ca: AMQP_CA, cert: AMQP_CERT, key: AMQP_KEY });
    const oidc = oidcConfiguration(configuration);
    const module: DynamicModule = {
      module: ConsoleModule,
      imports: [
        DatabaseModule.forService(DATABASE_URL, {
          applicationName: 'console',
          readTls: databaseCertificates(configuration),
          poolSize: 8,
        }),
      ],
      providers: [
        {
          provide: CONNECTION,
          useFactory: () => openBrokerConnection(AMQP_URL, 'console', readTls),
        },
        {
          provide: TopologyWatch,
          inject: [CONNECTION],
          useFactory: (connection: BrokerConnection) => {
            const watch = new TopologyWatch(connection, NEEDS, {
              managementUrl: configuration.AMQP_MANAGEMENT_URL,
              readTls,
              vhost: connection.vhost,
            });
            watch.start();
            return watch;
          },
        },
        {
          provide: SystemReader,
          inject: [CONNECTION, DataSource],
          useFactory: (connection: BrokerConnection, db: DataSource) =>
            new SystemReader({ connection, db, services: configuration.SERVICE_URLS }),
        },
        {
          provide: LiveEvents,
          inject: [CONNECTION, DataSource, SystemReader],
          useFactory: (connection: BrokerConnection, db: DataSource, system: SystemReader) =>
            new LiveEvents(connection, db, system),
        },
        {
          provide: SERVED,
          inject: [HttpAdapterHost, CONNECTION, DataSource, LiveEvents, SystemReader],
          useFactory: (
            { httpAdapter }: HttpAdapterHost,
            connection: BrokerConnection,
            db: DataSource,
            live: LiveEvents,
            system: SystemReader,
          ) => {
            const server = httpAdapter.getInstance<FastifyInstance>();
            const letters = new Letters({
              amqpUrl: AMQP_URL,
              readTls,
              replayPassword: configuration.REPLAY_AMQP_PASSWORD,
            });
            serveConsole(server, {
              db,
              ownSite: ownSite(CONSOLE_URL, configuration.HTTP_HOST),
              isOverTls: CONSOLE_URL?.startsWith('https:') ?? false,
              oidc: oidc && oidcClient(oidc),
              live,
              letters,
              system,
              broker: () => reachabilityOf(connection, AMQP_URL),
              trialCommand: configuration.TRIAL_COMMAND,
              page,
            });
            return true;
          },
        },
      ],
      exports: [DatabaseModule, CONNECTION, TopologyWatch],
    };
    return ServiceModule.withReadiness(module, {
      inject: [DataSource, CONNECTION, TopologyWatch],
      useFactory: (
        db: DataSource,
        connection: BrokerConnection,
        topology: TopologyWatch,
      ): ReadinessChecks => ({
        database: () => databaseUnreadyReason(db),
        broker: () => connection.unreadyReason(),
        topology: () => topology.unreadyReason(),
      }),
    });
  }

  constructor(
    @Inject(CONNECTION) private readonly connection: BrokerConnection,
    private readonly topology: TopologyWatch,
    private readonly live: LiveEvents,
  ) {}

  /** Before the server closes, which would wait for the streams. */
  async onModuleDestroy(): Promise<void> {
    await this.live.close();
  }

  async onApplicationShutdown(): Promise<void> {
    this.topology.stop();
    await this.connection.close();
  }
}
