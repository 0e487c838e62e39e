import { Logger, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { dataSourceFor, type DataSourceOptions } from './data-source-for.js';
import { serversOf } from './primary.js';
import { verifiedUrl } from './verified-url.js';

/** A service's data source: connected on first use, closed after everything that uses it has stopped. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  static forService(url: string, options: DataSourceOptions): DynamicModule {
    // At once, so that an invalid URL ends the service before anything connects.
    serversOf(url);
    if (options.readTls) verifiedUrl(url);
    const log = new Logger('database');
    const onPoolError = (error: Error) => log.warn(`lost an idle connection: ${error.message}`);
    return {
      module: DatabaseModule,
      providers: [
        { provide: DataSource, useFactory: () => dataSourceFor(url, { onPoolError, ...options }) },
      ],
      exports: [DataSource],
    };
  }

  constructor(private readonly dataSource: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
