import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
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
  Publisher,
  TopologyWatch,
  type BrokerConnection,
} from '@backup-awareness/messaging';
import { ServiceModule, type ReadinessChecks, type ReadMetrics } from '@backup-awareness/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CheckerConfiguration } from './checker-configuration.js';
import { ENGINE_METRICS, EngineMetricsController } from './engine-metrics.controller.js';
import { fleetMetricsOf } from './fleet-metrics.js';
import { Leader } from './leader.js';
import { OutboxRelay } from './outbox-relay.js';

const NEEDS = topologyNeeds({
  publishesTo: [ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE],
  watches: [INGEST_QUEUE],
});

/** Decides which engines have an alert, and publishes the decisions. */
@Module({})
export class FreshnessCheckerModule {
  static configured(configuration: CheckerConfiguration): DynamicModule {
    const { AMQP_URL, AMQP_CA, AMQP_CERT, AMQP_KEY } = configuration;
    const tls = { ca: AMQP_CA, cert: AMQP_CERT, key: AMQP_KEY };
    const checker: DynamicModule = {
      module: FreshnessCheckerModule,
      imports: [
        MessagingModule.forService({
          name: 'freshness-checker',
          url: AMQP_URL,
          tls,
          managementUrl: configuration.AMQP_MANAGEMENT_URL,
          needs: NEEDS,
        }),
        DatabaseModule.forService(configuration.DATABASE_URL, {
          applicationName: 'freshness-checker',
          ca: configuration.DATABASE_CA,
        }),
      ],
      controllers: [EngineMetricsController],
      providers: [
        { provide: ENGINE_METRICS, useValue: configuration.ENGINE_METRICS },
        Leader,
        OutboxRelay,
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
      exports: [MessagingModule, DatabaseModule, Leader],
    };
    return ServiceModule.withReadiness(
      checker,
      {
        inject: [CONSUMING, Publisher, TopologyWatch, Leader, DataSource],
        useFactory: (
          connection: BrokerConnection,
          publisher: Publisher,
          topology: TopologyWatch,
          leader: Leader,
          dataSource: DataSource,
        ): ReadinessChecks => ({
          broker: () => connection.unreadyReason() ?? publisher.unreadyReason(),
          topology: () => topology.unreadyReason(),
          database: () => databaseUnreadyReason(dataSource),
          decisions: () => leader.unreadyReason(),
        }),
      },
      {
        inject: [DataSource, Leader],
        useFactory: (dataSource: DataSource, leader: Leader): ReadMetrics =>
          fleetMetricsOf(dataSource, leader),
      },
    );
  }
}
