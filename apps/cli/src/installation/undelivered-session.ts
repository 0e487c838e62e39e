import { readUndeliveredEvents, type UndeliveredEvent } from '@backup-awareness/overview/state';
import { readDatabase } from './database-session.js';
import { databaseToRead, findInstallation } from './find-installation.js';

/** The events that no destination accepted; none where no database is configured. @throws Unreachable */
export async function undeliveredEvents(
  environment: NodeJS.ProcessEnv,
): Promise<readonly UndeliveredEvent[]> {
  const installation = findInstallation(environment);
  const isConfigured = (installation.readerDatabaseUrl ?? installation.databaseUrl) !== undefined;
  return isConfigured ? readDatabase(databaseToRead(installation), readUndeliveredEvents) : [];
}
