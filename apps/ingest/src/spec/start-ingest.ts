import 'reflect-metadata';
import { BatchTransport, ReplyTransport } from '@backup-awareness/messaging';
import type { TestBroker, TestDatabase } from '@backup-awareness/testing';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { IngestModule } from '../ingest.module.js';

export interface StartIngest {
  readonly broker: TestBroker;
  readonly database: TestDatabase;
  /** For example through a proxy; the broker's own URL by default. */
  readonly amqpUrl?: string;
  readonly managementUrl?: string;
  readonly logger?: LoggerService;
}

/** Starts the service in this process, with its own broker user and database role. It may not be ready yet. */
export async function startIngest({
  broker,
  database,
  amqpUrl = broker.urlOf('ingest'),
  managementUrl,
  logger,
}: StartIngest): Promise<INestApplication> {
  const app = await NestFactory.create(
    IngestModule.configured({
      AMQP_URL: amqpUrl,
      SETTINGS_AMQP_URL: broker.urlOf('ingest-settings'),
      AMQP_MANAGEMENT_URL: managementUrl,
      AMQP_CA: undefined,
      AMQP_CERT: undefined,
      AMQP_KEY: undefined,
      DATABASE_URL: database.urls.ingest,
      DATABASE_CA: undefined,
      HTTP_PORT: 0,
      HTTP_HOST: '127.0.0.1',
      LOG_LEVEL: 'silent',
    }),
    new FastifyAdapter(),
    { logger: logger ?? false },
  );
  for (const transport of [BatchTransport, ReplyTransport])
    app.connectMicroservice({ strategy: app.get(transport, { strict: false }) });
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  return app;
}
