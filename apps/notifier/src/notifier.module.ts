import { DatabaseModule, databaseTrouble } from '@backup-awareness/database';
import { ServiceModule, type ReadinessChecks } from '@backup-awareness/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { destinationsOf } from './destinations.js';
import { Notifications } from './notifications.js';
import type { NotifierConfiguration } from './notifier-configuration.js';

/** Tells people where they look: alerts, and that nothing is known. */
@Module({})
export class NotifierModule {
  static configured(configuration: NotifierConfiguration): DynamicModule {
    const notifier: DynamicModule = {
      module: NotifierModule,
      imports: [
        DatabaseModule.forService(configuration.DATABASE_URL, {
          applicationName: 'notifier',
          ca: configuration.DATABASE_CA,
        }),
      ],
      providers: [
        {
          provide: Notifications,
          inject: [DataSource],
          useFactory: (db: DataSource) => new Notifications(db, destinationsOf(configuration, db)),
        },
      ],
      exports: [DatabaseModule, Notifications],
    };
    return ServiceModule.withReadiness(notifier, {
      inject: [DataSource],
      useFactory: (db: DataSource): ReadinessChecks => ({ database: () => databaseTrouble(db) }),
    });
  }
}
