import { DatabaseModule, databaseUnreadyReason } from '@backup-awareness/database';
import type { ProductView } from '@backup-awareness/overview/judgement';
import { readProductState } from '@backup-awareness/overview/state';
import { askServices } from '@backup-awareness/overview/surroundings';
import {
  databaseCertificates,
  ServiceModule,
  type ReadinessChecks,
  type ReadMetrics,
} from '@backup-awareness/service';
import { Module, type DynamicModule } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { destinationsOf } from './destinations.js';
import { serviceWatch, type ServiceWatch } from './heartbeat/service-watch.js';
import { unknownWatch } from './unknown/unknown-watch.js';
import { Notifications } from './notifications.js';
import type { NotifierConfiguration } from './notifier-configuration.js';

async function viewProduct(
  db: DataSource,
  services: ServiceWatch | undefined,
): Promise<ProductView> {
  const [product, readiness] = await Promise.all([readProductState(db), services?.ask()]);
  return { product, broker: undefined, services: readiness };
}

/** Notifies destinations of alerts, and of unknown status; beats while all is proven. */
@Module({})
export class NotifierModule {
  static configured(configuration: NotifierConfiguration): DynamicModule {
    const notifier: DynamicModule = {
      module: NotifierModule,
      imports: [
        DatabaseModule.forService(configuration.DATABASE_URL, {
          applicationName: 'notifier',
          readTls: databaseCertificates(configuration),
        }),
      ],
      providers: [
        {
          provide: Notifications,
          inject: [DataSource],
          useFactory: (db: DataSource) => {
            const { SERVICE_URLS } = configuration;
            const services = SERVICE_URLS && serviceWatch(SERVICE_URLS, askServices);
            return new Notifications(
              db,
              destinationsOf(configuration, db, services),
              unknownWatch(db, () => viewProduct(db, services)),
            );
          },
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
