import { dataSourceFor } from '@backup-awareness/database';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { alertsIn } from './alerts-in-database.js';

interface Opened {
  readonly database: TestDatabase;
  /** With the notifier's role. */
  readonly db: DataSource;
}

/** Gives all tests of a file one database, and removes alerts and notifications before each test. */
export function useDatabase(onOpened: (opened: Opened) => void): void {
  let opened: Opened | undefined;
  beforeAll(async () => {
    const database = await createTestDatabase();
    opened = { database, db: dataSourceFor(database.urls.notifier) };
    await opened.db.initialize();
    onOpened(opened);
  });
  afterAll(async () => {
    if (opened?.db.isInitialized) await opened.db.destroy();
    await opened?.database.drop();
  });
  beforeEach(() => alertsIn(opened!.database).reset());
}
