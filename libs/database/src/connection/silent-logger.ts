import type { Logger } from 'typeorm';

/** TypeORM writes some lines to the console even with logging off; our callers do their own logging. */
export const silentLogger: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
