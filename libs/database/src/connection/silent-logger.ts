import type { Logger } from 'typeorm';

/** Whoever calls logs what it has to: TypeORM writes some lines to the console even with logging off. */
export const silentLogger: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
