import { BatchTransport } from '@backup-awareness/messaging';
import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import type { INestApplication, LoggerService } from '@nestjs/common';
import { startIngest } from './spec/start-ingest.js';

describe('old reports', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let app: INestApplication | undefined;
  let warnings: string[];

  beforeEach(async () => {
    warnings = [];
    broker = await createTestBroker();
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await app?.close();
    await database.drop();
    await broker.drop();
  });

  const logger: LoggerService = {
    log: () => undefined,
    warn: (message: unknown) => warnings.push(String(message)),
    error: () => undefined,
  };

  async function start(): Promise<void> {
    app = await startIngest({ broker, database, logger });
  }

  /** Failures of 10 engines, received so many days ago. */
  const failures = (count: number, daysAgo: number) =>
    database.owner.query(
      `INSERT INTO engine_backup_log
         (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT format('engine-%s.example.com', i % 10), format('%s days %s', $2::int, i), 'db', at, false, '', '', at, at
       FROM generate_series(1, $1::int) i, LATERAL (SELECT now() - $2::int * interval '1 day' AS at) report`,
      [count, daysAgo],
    );
  const keepDays = (days: string) =>
    database.owner.query(
      `UPDATE vdc_options SET option_value = $1 WHERE option_name = 'BackupLogRetentionInDays'`,
      [days],
    );
  const send = (count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        broker.publish(
          'ovirt.engine-backup',
          'ENGINE_BACKUP_COMPLETED.db',
          {
            scope: 'db',
            done_at: '2026-01-01T01:10:42Z',
            status: 1,
            output_message: '',
            fqdn: `engine-${i % 10}.example.com`,
            log_path: '',
          },
          { messageId: `sent ${i}` },
        ),
      ),
    );
  const countRows = async (like: string): Promise<number> => {
    const [{ count }] = await database.owner.query(
      'SELECT count(*)::int FROM engine_backup_log WHERE event_id LIKE $1',
      [like],
    );
    return count;
  };

  it('are removed while ingest stores new ones', async () => {
    await keepDays('30');
    await failures(2_000, 31);
    await failures(500, 29);
    await send(1_000);
    await start();
    await send(1_000);
    await eventually(async () => {
      expect(await countRows('31 days %')).toBe(0);
      expect(await countRows('sent %')).toBe(1_000);
    });
    expect(await countRows('29 days %')).toBe(500);
    expect(await broker.depth('backup-awareness.ingest.dead')).toBe(0);
  });

  it('are kept while the setting is invalid; ingest warns once and stores new ones', async () => {
    await keepDays('a year');
    await failures(1_000, 500);
    await start();
    await eventually(() =>
      expect(warnings.filter((warning) => warning.startsWith('cannot remove'))).toEqual([
        "cannot remove old rows of engine_backup_log: BackupLogRetentionInDays: expected a plain decimal number of days, at least 1, at most 36500, or -1 to keep all, got 'a year'",
      ]),
    );
    await send(100);
    await eventually(async () => expect(await countRows('sent %')).toBe(100));
    expect(await countRows('500 days %')).toBe(1_000);
    const { status } = await fetch(`${await app!.getUrl()}/health/ready`);
    expect(status).toBe(200);
  });

  it('are kept while ingest is not ready', async () => {
    await failures(1_000, 500);
    await database.owner.query('ALTER TABLE engine RENAME TO engine_away');
    await start();
    await eventually(() =>
      expect(app!.get(BatchTransport, { strict: false }).unreadyReason()).toContain('engine'),
    );
    expect(await countRows('500 days %')).toBe(1_000);
    await database.owner.query('ALTER TABLE engine_away RENAME TO engine');
    await eventually(async () => expect(await countRows('500 days %')).toBe(0), 30_000);
  });
});
