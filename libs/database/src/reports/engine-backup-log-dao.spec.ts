import {
  createTestDatabase,
  exampleReport as report,
  type TestDatabase,
} from '@backup-awareness/testing';
import { EngineBackupLogDao } from './engine-backup-log-dao.js';
import { logReports } from './log-reports.js';

let database: TestDatabase;
let dao: EngineBackupLogDao;

beforeAll(async () => {
  database = await createTestDatabase();
  dao = new EngineBackupLogDao(database.owner);
});
afterAll(() => database?.drop());
beforeEach(() => database.owner.query('TRUNCATE engine_backup_log, engine'));

const TEN = new Date('2026-01-01T10:00:00Z');
const at = (time: string) => ({ doneAt: `2026-01-01T${time}.000000Z` });

describe('the last success of a scope', () => {
  test('is nothing for a scope that nobody reported', async () => {
    await logReports(database.owner, [report()]);
    expect(await dao.lastSuccess('engine.example.com', 'unknown')).toBeNull();
    expect(await dao.lastSuccess('other.example.com', 'db')).toBeNull();
    expect(await dao.lastSuccess('no host name!', 'db')).toBeNull();
  });

  test('is found after a backup that succeeded', async () => {
    await logReports(database.owner, [report()]);
    expect(await dao.lastSuccess('engine.example.com', 'db')).toEqual(TEN);
    expect(await dao.lastSuccess('Engine.Example.COM.', 'db')).toEqual(TEN);
  });

  test('is not changed by a later backup that failed', async () => {
    await logReports(database.owner, [report(), report({ isPassed: false, ...at('11:00:00') })]);
    expect(await dao.lastSuccess('engine.example.com', 'db')).toEqual(TEN);
  });

  test('is nothing while every backup failed or only started', async () => {
    await logReports(database.owner, [report({ isPassed: false }), report({ isPassed: null })]);
    expect(await dao.lastSuccess('engine.example.com', 'db')).toBeNull();
  });

  test('is not changed by a later backup that only started', async () => {
    await logReports(database.owner, [report(), report({ isPassed: null, ...at('11:00:00') })]);
    expect(await dao.lastSuccess('engine.example.com', 'db')).toEqual(TEN);
  });

  test('is the latest, in whatever order reports come', async () => {
    await logReports(database.owner, [report(at('12:00:00')), report(at('08:00:00'))]);
    await logReports(database.owner, [report(at('09:00:00'))]);
    expect(await dao.lastSuccess('engine.example.com', 'db')).toEqual(
      new Date('2026-01-01T12:00:00Z'),
    );
  });

  test('is each engine’s own', async () => {
    await logReports(database.owner, [
      report(),
      report({ fqdn: 'other.example.com', ...at('11:00:00') }),
    ]);
    expect(await dao.lastSuccess('engine.example.com', 'db')).toEqual(TEN);
    expect(await dao.lastSuccess('other.example.com', 'db')).toEqual(
      new Date('2026-01-01T11:00:00Z'),
    );
  });
});

describe('the last full backups', () => {
  test('are the earlier of db and files, and none while one is missing', async () => {
    await database.owner.query(`INSERT INTO engine (fqdn) VALUES ('c.example.com')`);
    await logReports(database.owner, [
      report({ fqdn: 'a.example.com', scope: 'db' }),
      report({ fqdn: 'a.example.com', scope: 'files', ...at('09:00:00') }),
      report({ fqdn: 'a.example.com', scope: 'grafanadb', ...at('06:00:00') }),
      report({ fqdn: 'b.example.com', scope: 'files' }),
    ]);
    await database.owner.query(`DELETE FROM engine WHERE fqdn = 'b.example.com'`);
    const nine = new Date('2026-01-01T09:00:00Z');
    const none = { lastDbSuccessAt: null, lastFilesSuccessAt: null, lastFullBackupAt: null };
    expect(await dao.lastFullBackups()).toEqual([
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

describe('the history', () => {
  test('comes by pages, newest first, without loss where instants are equal to the microsecond', async () => {
    const instants = ['10:00:00.000001', '10:00:00.000002', '10:00:00.000002', '10:00:00.000002'];
    await logReports(
      database.owner,
      instants.map((time, index) =>
        report({ eventId: `e${index}`, doneAt: `2026-01-01T${time}Z`, isPassed: null }),
      ),
    );
    const seen: string[] = [];
    let before;
    for (let pages = 0; pages < 10; pages++) {
      const page = await dao.history({ fqdn: 'engine.example.com', limit: 2, before });
      expect(page.entries.length).toBeLessThanOrEqual(2);
      seen.push(...page.entries.map((entry) => `${entry.eventId} ${entry.doneAt.slice(-7)}`));
      if (!page.next) break;
      before = page.next;
    }
    expect(seen).toEqual(['e1 000002Z', 'e2 000002Z', 'e3 000002Z', 'e0 000001Z']);
  });

  test('is empty for an engine nobody knows', async () => {
    expect(await dao.history({ fqdn: 'nobody.example.com', limit: 5 })).toEqual({
      entries: [],
      next: null,
    });
  });
});

test('there is no method that writes', () => {
  const methods = Object.getOwnPropertyNames(EngineBackupLogDao.prototype);
  expect(methods.toSorted()).toEqual(['constructor', 'history', 'lastFullBackups', 'lastSuccess']);
});
