import { DatabaseModule, databaseUnreadyReason } from '@backup-awareness/database';
import type { ProductView } from '@backup-awareness/overview/judgement';
import { readProductState } from '@backup-awareness/overview/state';
import { askServices } from '@backup-awareness/overview/surroundings';
import { ServiceModule, type ReadinessChecks, type ReadMetrics } from '@backup-awareness/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { destinationsOf } from './destinations.js';
import { unknownWatch } from './unknown/unknown-watch.js';
import { Notifications } from './notifications.js';
import type { NotifierConfiguration } from './notifier-configuration.js';

async function viewProduct(
  db: DataSource,
  services: Readonly<Record<string, string>> | undefined,
): Promise<ProductView> {
  const [product, readiness] = await Promise.all([
    readProductState(db),
    services === undefined ? undefined : askServices(services),
  ]);
  return { product, broker: undefined, services: readiness };
}

/** Notifies destinations of alerts, and of unknown status. */
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
          useFactory: (db: DataSource) =>
            new Notifications(
              db,
              destinationsOf(configuration, db),
              unknownWatch(db, () => viewProduct(db, configuration.SERVICE_URLS)),
            ),
        },
      ],
      exports: [DatabaseModule, Notifications],
    };
    return ServiceModule.withReadiness(
      notifier,
      {
        inject: [DataSource],
        useFactory: (db: DataSource): ReadinessChecks => ({
          database: () => databaseUnreadyReason(db),
        }),
      },
      {
        inject: [Notifications],
        useFactory: ({ readMetrics }: Notifications): ReadMetrics => readMetrics,
      },
    );
  }
}
