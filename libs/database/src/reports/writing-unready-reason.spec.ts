import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { tryToLogReport } from './trial-inserts.js';
import { writingUnreadyReason } from './writing-unready-reason.js';

let database: TestDatabase;
let ingest: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  ingest = await dataSourceFor(database.urls.ingest).initialize();
});
afterAll(async () => {
  await ingest?.destroy();
  await database?.drop();
});

const role = () => decodeURIComponent(new URL(database.urls.ingest).username);
const revoke = () => database.owner.query(`REVOKE INSERT ON engine_backup_log FROM ${role()}`);
const grant = () => database.owner.query(`GRANT INSERT ON engine_backup_log TO ${role()}`);

describe('a service', () => {
  it('is not ready while it may not write, before any message shows it, and ready again afterwards', async () => {
    const reason = writingUnreadyReason(() => tryToLogReport(ingest), 0);
    expect(await reason()).toBeUndefined();
    await revoke();
    expect(await reason()).toBe('database: permission denied for table engine_backup_log');
    await grant();
    expect(await reason()).toBeUndefined();
    expect(await database.owner.query('SELECT FROM engine_backup_log')).toEqual([]);
  });

  it('tries no more often than it is told to', async () => {
    const reason = writingUnreadyReason(() => tryToLogReport(ingest), 60_000);
    await reason();
    await revoke();
    expect(await reason()).toBeUndefined();
    await grant();
  });

  it.each(['55P03', '57014'])(
    'keeps its last answer while the database is busy (%s)',
    async (code) => {
      const failures: unknown[] = [undefined, { code }, new Error('disk full'), { code }];
      const reason = writingUnreadyReason(async () => {
        const failure = failures.shift();
        if (failure) throw failure;
      }, 0);
      const answers = [await reason(), await reason(), await reason(), await reason()];
      expect(answers).toEqual([undefined, undefined, 'database: disk full', 'database: disk full']);
    },
  );
});
