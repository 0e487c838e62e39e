import { AUDIT_QUEUE, topologyNeeds } from '@backup-awareness/contracts';
import {
  DatabaseModule,
  databaseUnreadyReason,
  ensureDatabaseReady,
  passagesIn,
  OLD_AUDIT_ROWS,
  messageTriesIn,
  Retention,
  tryToRecordAudit,
  writingUnreadyReason,
} from '@backup-awareness/database';
import {
  BatchTransport,
  CONSUMING,
  consumeInBatches,
  eventsBrokerUser,
  MESSAGING_READINESS,
  MessagingModule,
  SETTLED_KINDS,
  type BatchStorage,
  type BrokerConnection,
  type MessagingReadiness,
} from '@backup-awareness/messaging';
import {
  certificateReader,
  databaseCertificates,
  observeBatches,
  ServiceModule,
  type ReadinessChecks,
} from '@backup-awareness/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuditConfiguration } from './audit-configuration.js';
import { EVENTS_USER, EventsController } from './events.controller.js';

const NEEDS = topologyNeeds({ consumes: [AUDIT_QUEUE] });

/** Records every event in `audit_log`. */
@Module({})
export class AuditModule {
  static configured(configuration: AuditConfiguration): DynamicModule {
    const { AMQP_URL, AMQP_CA, AMQP_CERT, AMQP_KEY } = configuration;
    const readTls = certificateReader('AMQP', { ca: AMQP_CA, cert: AMQP_CERT, key: AMQP_KEY });
    const audit: DynamicModule = {
      module: AuditModule,
      imports: [
        MessagingModule.forService({
          name: 'audit',
          url: AMQP_URL,
          readTls,
          managementUrl: configuration.AMQP_MANAGEMENT_URL,
          needs: NEEDS,
        }),
        DatabaseModule.forService(configuration.DATABASE_URL, {
          applicationName: 'audit',
          readTls: databaseCertificates(configuration),
        }),
      ],
      controllers: [EventsController],
      providers: [
        {
          provide: EVENTS_USER,
          inject: [CONSUMING],
          useFactory: (own: BrokerConnection) =>
            configuration.EVENTS_BROKER_USER ?? eventsBrokerUser(own),
        },
        ...consumeInBatches({
          queue: AUDIT_QUEUE,
          url: AMQP_URL,
          storage: {
            inject: [DataSource],
            useFactory: (dataSource: DataSource): BatchStorage => ({
              probe: async () => {
                await ensureDatabaseReady(dataSource);
                await tryToRecordAudit(dataSource);
              },
              tries: messageTriesIn(dataSource),
              passages: passagesIn(dataSource),
            }),
          },
          onSettled: observeBatches(AUDIT_QUEUE, SETTLED_KINDS),
        }),
        {
          provide: Retention,
          inject: [DataSource, BatchTransport],
          useFactory: (dataSource: DataSource, transport: BatchTransport) =>
            new Retention({
              dataSource,
              oldRows: OLD_AUDIT_ROWS,
              unreadyReason: () => transport.unreadyReason(),
            }),
        },
      ],
      exports: [DatabaseModule, MESSAGING_READINESS],
    };
    return ServiceModule.withReadiness(audit, {
      inject: [MESSAGING_READINESS, DataSource],
      useFactory: (messaging: MessagingReadiness, dataSource: DataSource): ReadinessChecks => {
        const unwritable = writingUnreadyReason(() => tryToRecordAudit(dataSource));
        return {
          ...messaging,
          database: async () => (await databaseUnreadyReason(dataSource)) ?? unwritable(),
        };
      },
    });
  }
}
