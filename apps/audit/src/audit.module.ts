import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  AUDIT_QUEUE,
  DEAD_EXCHANGE,
  deadLetterQueue,
  ENGINE_BACKUP_EXCHANGE,
} from '@backup-awareness/contracts';
import {
  DatabaseModule,
  databaseTrouble,
  ensureDatabaseReady,
  OLD_AUDIT_ROWS,
  messageTriesIn,
  Retention,
  tryToRecordAudit,
} from '@backup-awareness/database';
import {
  BatchTransport,
  CONSUMING,
  MessagingModule,
  messagingReadiness,
  Publisher,
  TopologyWatch,
  type BrokerConnection,
} from '@backup-awareness/messaging';
import {
  ServiceModule,
  type ReadinessChecks,
  type ServiceConfiguration,
} from '@backup-awareness/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventsController } from './events.controller.js';

const NEEDS = {
  exchanges: [ENGINE_BACKUP_EXCHANGE, ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE, DEAD_EXCHANGE],
  queues: [AUDIT_QUEUE, deadLetterQueue(AUDIT_QUEUE)],
};

/** Every event into `audit_log`. */
@Module({})
export class AuditModule {
  static configured(configuration: ServiceConfiguration): DynamicModule {
    const { AMQP_URL, AMQP_CA, AMQP_CERT, AMQP_KEY } = configuration;
    const tls = { ca: AMQP_CA, cert: AMQP_CERT, key: AMQP_KEY };
    const audit: DynamicModule = {
      module: AuditModule,
      imports: [
        MessagingModule.forService({ name: 'audit', url: AMQP_URL, tls, needs: NEEDS }),
        DatabaseModule.forService(configuration.DATABASE_URL, {
          applicationName: 'audit',
          ca: configuration.DATABASE_CA,
        }),
      ],
      controllers: [EventsController],
      providers: [
        {
          provide: BatchTransport,
          inject: [CONSUMING, Publisher, DataSource],
          useFactory: (connection: BrokerConnection, publisher: Publisher, db: DataSource) =>
            new BatchTransport({
              connection,
              publisher,
              probe: async () => {
                await ensureDatabaseReady(db);
                await tryToRecordAudit(db);
              },
              tries: messageTriesIn(db),
            }),
        },
        {
          provide: Retention,
          inject: [DataSource, BatchTransport],
          useFactory: (dataSource: DataSource, transport: BatchTransport) =>
            new Retention({
              dataSource,
              oldRows: OLD_AUDIT_ROWS,
              trouble: () => transport.trouble(),
            }),
        },
      ],
      exports: [MessagingModule, DatabaseModule, BatchTransport],
    };
    return ServiceModule.withReadiness(audit, {
      inject: [CONSUMING, Publisher, TopologyWatch, BatchTransport, DataSource],
      useFactory: (
        connection: BrokerConnection,
        publisher: Publisher,
        topology: TopologyWatch,
        transport: BatchTransport,
        dataSource: DataSource,
      ): ReadinessChecks => ({
        ...messagingReadiness(connection, publisher, topology, transport),
        database: () => databaseTrouble(dataSource),
      }),
    });
  }
}
