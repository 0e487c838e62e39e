import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';

/** A database for the file, without reports and engines at the start of each test. */
export interface IngestWorld {
  readonly database: TestDatabase;
  /** As the role of ingest. */
  readonly ingest: DataSource;
  /** Counts the rows of a table; a WHERE may follow its name. */
  countRows(table?: string): Promise<number>;
}

export function useIngest(): IngestWorld {
  let database: TestDatabase;
  let ingest: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    ingest = await dataSourceFor(database.urls.ingest, { poolSize: 4 }).initialize();
  });
  afterAll(async () => {
    await ingest?.destroy();
    await database?.drop();
  });
  beforeEach(() => database.owner.query('TRUNCATE engine_backup_log, engine'));

  return {
    get database() {
      return database;
    },
    get ingest() {
      return ingest;
    },
    countRows: async (table = 'engine_backup_log') =>
      (await database.owner.query(`SELECT count(*)::int AS n FROM ${table}`))[0].n as number,
  };
}
