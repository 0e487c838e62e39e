import { DatabaseModule, databaseUnreadyReason } from '@backup-awareness/database';
import {
  databaseCertificates,
  ServiceModule,
  type ReadinessChecks,
} from '@backup-awareness/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { DataSource } from 'typeorm';
import type { ConsoleConfiguration } from './console-configuration.js';
import { serveConsole } from './http/serve-console.js';

const SERVED = Symbol('the API is served');

/** Administrators look and change things over HTTP, by the same functions as the command line. */
@Module({})
export class ConsoleModule {
  static configured(configuration: ConsoleConfiguration): DynamicModule {
    const { DATABASE_URL, CONSOLE_URL } = configuration;
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
          provide: SERVED,
          inject: [HttpAdapterHost, DataSource],
          useFactory: ({ httpAdapter }: HttpAdapterHost, db: DataSource) => {
            const server = httpAdapter.getInstance<FastifyInstance>();
            serveConsole(server, { db, isOverTls: CONSOLE_URL?.startsWith('https:') ?? false });
            return true;
          },
        },
      ],
      exports: [DatabaseModule],
    };
    return ServiceModule.withReadiness(module, {
      inject: [DataSource],
      useFactory: (db: DataSource): ReadinessChecks => ({
        database: () => databaseUnreadyReason(db),
      }),
    });
  }
}
