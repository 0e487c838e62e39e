import {
  createTestDatabase,
  exampleReport as report,
  type TestDatabase,
} from '@backup-awareness/testing';
import { listEngines } from '../administration/list-engines.js';
import { logReports } from './log-reports.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(() => database.owner.query('TRUNCATE engine_backup_log, engine'));

const TEN = new Date('2026-01-01T10:00:00Z');
const at = (time: string) => ({ doneAt: `2026-01-01T${time}.000000Z` });

async function lastSuccess(fqdn: string, scope: string): Promise<Date | null> {
  const rows: { countedAt: Date }[] = await database.owner.query(
    'SELECT counted_at AS "countedAt" FROM engine_last_success WHERE fqdn = $1 AND scope = $2',
    [fqdn, scope],
  );
  return rows[0]?.countedAt ?? null;
}

describe('the last success of a scope', () => {
  test('is missing for a scope without reports', async () => {
    await logReports(database.owner, [report()]);
    expect(await lastSuccess('engine.example.com', 'unknown')).toBeNull();
    expect(await lastSuccess('other.example.com', 'db')).toBeNull();
  });

  test('is found after a successful backup', async () => {
    await logReports(database.owner, [report()]);
    expect(await lastSuccess('engine.example.com', 'db')).toEqual(TEN);
  });

  test('is not changed by a later failed backup', async () => {
    await logReports(database.owner, [report(), report({ isPassed: false, ...at('11:00:00') })]);
    expect(await lastSuccess('engine.example.com', 'db')).toEqual(TEN);
  });

  test('is missing while every backup failed or only started', async () => {
    await logReports(database.owner, [report({ isPassed: false }), report({ isPassed: null })]);
    expect(await lastSuccess('engine.example.com', 'db')).toBeNull();
  });

  test('is not changed by a later backup that only started', async () => {
    await logReports(database.owner, [report(), report({ isPassed: null, ...at('11:00:00') })]);
    expect(await lastSuccess('engine.example.com', 'db')).toEqual(TEN);
  });

  test('is the latest, in whatever order reports arrive', async () => {
    await logReports(database.owner, [report(at('12:00:00')), report(at('08:00:00'))]);
    await logReports(database.owner, [report(at('09:00:00'))]);
    expect(await lastSuccess('engine.example.com', 'db')).toEqual(new Date('2026-01-01T12:00:00Z'));
  });

  test('is counted for each engine', async () => {
    await logReports(database.owner, [
      report(),
      report({ fqdn: 'other.example.com', ...at('11:00:00') }),
    ]);
    expect(await lastSuccess('engine.example.com', 'db')).toEqual(TEN);
    expect(await lastSuccess('other.example.com', 'db')).toEqual(new Date('2026-01-01T11:00:00Z'));
  });
});

describe('the last full backups', () => {
  test('are the earlier of db and files, and missing while either is', async () => {
    await database.owner.query(`INSERT INTO engine (fqdn) VALUES ('c.example.com')`);
    await logReports(database.owner, [
      report({ fqdn: 'a.example.com', scope: 'db' }),
      report({ fqdn: 'a.example.com', scope: 'files', ...at('09:00:00') }),
      report({ fqdn: 'a.example.com', scope: 'grafanadb', ...at('06:00:00') }),
      report({ fqdn: 'b.example.com', scope: 'files' }),
    ]);
    const nine = new Date('2026-01-01T09:00:00Z');
    const none = { lastDbSuccessAt: null, lastFilesSuccessAt: null, lastFullBackupAt: null };
    expect(await listEngines(database.owner)).toMatchObject([
      {
        fqdn: 'a.example.com',
        lastDbSuccessAt: TEN,
        lastFilesSuccessAt: nine,
        lastFullBackupAt: nine,
      },
      { fqdn: 'b.example.com', ...none, lastFilesSuccessAt: TEN },
      { fqdn: 'c.example.com', ...none },
    ]);
  });
});
