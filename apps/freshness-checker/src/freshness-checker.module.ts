import {
  ACTIVE_ALERTS_QUEUE,
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  INCARNATION_EXCHANGE,
  INCARNATION_STREAM,
  INGEST_QUEUE,
  topologyNeeds,
} from '@backup-awareness/contracts';
import {
  DatabaseModule,
  databaseUnreadyReason,
  OLD_ALERTS,
  Retention,
} from '@backup-awareness/database';
import {
  CONSUMING,
  MessagingModule,
  openBrokerConnection,
  Publisher,
  ReplyTransport,
  TopologyWatch,
  type BrokerConnection,
} from '@backup-awareness/messaging';
import {
  certificateReader,
  databaseCertificates,
  ServiceModule,
  type ReadinessChecks,
  type ReadMetrics,
} from '@backup-awareness/service';
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ActiveAlertsController } from './active-alerts/active-alerts.controller.js';
import type { CheckerConfiguration } from './checker-configuration.js';
import { ENGINE_METRICS, EngineMetricsController } from './engine-metrics.controller.js';
import { fleetMetricsOf } from './fleet-metrics.js';
import { Leader } from './leader.js';
import { OutboxRelay } from './outbox-relay.js';

const NEEDS = topologyNeeds({
  consumes: [ACTIVE_ALERTS_QUEUE],
  publishesTo: [ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE, INCARNATION_EXCHANGE],
  watches: [INGEST_QUEUE, INCARNATION_STREAM],
});

const ANSWERING = Symbol('connection for requests for the active alerts');

/** Two answers at a time: with 10,000 alerts one takes some 10 MB. */
const ANSWERS_AT_ONCE = 2;

/** Decides which engines have an alert, publishes the decisions, and tells who asks which alerts are active. */
@Module({})
export class FreshnessCheckerModule implements OnApplicationShutdown {
  static configured(configuration: CheckerConfiguration): DynamicModule {
    const { AMQP_URL, AMQP_CA, AMQP_CERT, AMQP_KEY, ACTIVE_ALERTS_AMQP_URL } = configuration;
    const readTls = certificateReader('AMQP', { ca: AMQP_CA, cert: AMQP_CERT, key: AMQP_KEY });
    const checker: DynamicModule = {
      module: FreshnessCheckerModule,
      imports: [
        MessagingModule.forService({
          name: 'freshness-checker',
          url: AMQP_URL,
          readTls,
          managementUrl: configuration.AMQP_MANAGEMENT_URL,
          needs: NEEDS,
        }),
        DatabaseModule.forService(configuration.DATABASE_URL, {
          applicationName: 'freshness-checker',
          readTls: databaseCertificates(configuration),
        }),
      ],
      controllers: [ActiveAlertsController, EngineMetricsController],
      providers: [
        { provide: ENGINE_METRICS, useValue: configuration.ENGINE_METRICS },
        Leader,
        OutboxRelay,
        {
          provide: ANSWERING,
          useFactory: () => openBrokerConnection(ACTIVE_ALERTS_AMQP_URL, 'active alerts', readTls),
        },
        {
          provide: ReplyTransport,
          inject: [ANSWERING],
          useFactory: (connection: BrokerConnection) =>
            new ReplyTransport(connection, ANSWERS_AT_ONCE),
        },
        {
          provide: Retention,
          inject: [DataSource, Leader],
          useFactory: (dataSource: DataSource, leader: Leader) =>
            new Retention({
              dataSource,
              oldRows: OLD_ALERTS,
              unreadyReason: () => leader.unreadyReason(),
            }),
        },
      ],
      exports: [MessagingModule, DatabaseModule, Leader, OutboxRelay, ANSWERING],
    };
    return ServiceModule.withReadiness(
      checker,
      {
        inject: [CONSUMING, Publisher, TopologyWatch, Leader, OutboxRelay, DataSource, ANSWERING],
        useFactory: (
          connection: BrokerConnection,
          publisher: Publisher,
          topology: TopologyWatch,
          leader: Leader,
          relay: OutboxRelay,
          dataSource: DataSource,
          answering: BrokerConnection,
        ): ReadinessChecks => ({
          broker: () =>
            connection.unreadyReason() ??
            publisher.unreadyReason() ??
            // A standby publishes nothing: what it could not publish as the leader is no longer its concern.
            (leader.isLeader ? relay.unreadyReason() : undefined),
          topology: () => topology.unreadyReason(),
          database: () => databaseUnreadyReason(dataSource),
          decisions: () => leader.unreadyReason(),
          activeAlerts: () => answering.unreadyReason(),
        }),
      },
      {
        inject: [DataSource, Leader],
        useFactory: (dataSource: DataSource, leader: Leader): ReadMetrics =>
          fleetMetricsOf(dataSource, leader),
      },
    );
  }

  constructor(@Inject(ANSWERING) private readonly answering: BrokerConnection) {}

  async onApplicationShutdown(): Promise<void> {
    await this.answering.close();
  }
}
