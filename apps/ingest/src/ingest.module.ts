import { INGEST_QUEUE, SETTINGS_QUEUE, topologyNeeds } from '@backup-awareness/contracts';
import {
  DatabaseModule,
  databaseUnreadyReason,
  ensureDatabaseReady,
  passagesIn,
  OLD_REPORTS,
  messageTriesIn,
  Retention,
  tryToLogReport,
  writingUnreadyReason,
} from '@backup-awareness/database';
import {
  BatchTransport,
  consumeInBatches,
  MESSAGING_READINESS,
  MessagingModule,
  openBrokerConnection,
  ReplyTransport,
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
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AnswerProof } from './answer-proof.js';
import type { IngestConfiguration } from './ingest-configuration.js';
import { ReportsController } from './reports.controller.js';
import { SettingsController } from './settings.controller.js';

const NEEDS = topologyNeeds({ consumes: [INGEST_QUEUE, SETTINGS_QUEUE] });

const ANSWERING = Symbol('connection for settings requests');

/** Stores engine-backup's reports in `engine_backup_log`, and answers hosts that ask for their settings. */
@Module({})
export class IngestModule implements OnApplicationShutdown {
  static configured(configuration: IngestConfiguration): DynamicModule {
    const { AMQP_URL, AMQP_CA, AMQP_CERT, AMQP_KEY, SETTINGS_AMQP_URL } = configuration;
    const readTls = certificateReader('AMQP', { ca: AMQP_CA, cert: AMQP_CERT, key: AMQP_KEY });
    const ingest: DynamicModule = {
      module: IngestModule,
      imports: [
        MessagingModule.forService({
          name: 'ingest',
          url: AMQP_URL,
          readTls,
          managementUrl: configuration.AMQP_MANAGEMENT_URL,
          needs: NEEDS,
        }),
        DatabaseModule.forService(configuration.DATABASE_URL, {
          applicationName: 'ingest',
          readTls: databaseCertificates(configuration),
        }),
      ],
      controllers: [ReportsController, SettingsController],
      providers: [
        AnswerProof,
        ...consumeInBatches({
          queue: INGEST_QUEUE,
          url: AMQP_URL,
          storage: {
            inject: [DataSource],
            useFactory: (dataSource: DataSource): BatchStorage => ({
              probe: async () => {
                await ensureDatabaseReady(dataSource);
                await tryToLogReport(dataSource);
              },
              tries: messageTriesIn(dataSource),
              passages: passagesIn(dataSource),
            }),
          },
          onSettled: observeBatches(INGEST_QUEUE, SETTLED_KINDS),
        }),
        {
          provide: Retention,
          inject: [DataSource, BatchTransport],
          useFactory: (dataSource: DataSource, transport: BatchTransport) =>
            new Retention({
              dataSource,
              oldRows: OLD_REPORTS,
              unreadyReason: () => transport.unreadyReason(),
            }),
        },
        {
          provide: ANSWERING,
          useFactory: () => openBrokerConnection(SETTINGS_AMQP_URL, 'ingest settings', readTls),
        },
        {
          provide: ReplyTransport,
          inject: [ANSWERING],
          useFactory: (connection: BrokerConnection) => new ReplyTransport(connection),
        },
      ],
      exports: [DatabaseModule, MESSAGING_READINESS, ANSWERING],
    };
    return ServiceModule.withReadiness(ingest, {
      inject: [MESSAGING_READINESS, DataSource, ANSWERING],
      useFactory: (
        messaging: MessagingReadiness,
        dataSource: DataSource,
        answering: BrokerConnection,
      ): ReadinessChecks => {
        const unwritable = writingUnreadyReason(() => tryToLogReport(dataSource));
        return {
          ...messaging,
          database: async () => (await databaseUnreadyReason(dataSource)) ?? unwritable(),
          settings: () => answering.unreadyReason(),
        };
      },
    });
  }

  constructor(@Inject(ANSWERING) private readonly answering: BrokerConnection) {}

  async onApplicationShutdown(): Promise<void> {
    await this.answering.close();
  }
}
