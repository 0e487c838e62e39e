import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_ENGINES_IN_ANSWER } from '@backup-awareness/contracts';
import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { Logger, type INestApplication } from '@nestjs/common';
import { connect } from 'amqplib';
import { startIngest } from './spec/start-ingest.js';

describe('ingest, asked by a host for its settings', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let app: INestApplication;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    broker = await createTestBroker();
    database = await createTestDatabase();
    app = await startIngest({ broker, database });
    await eventually(async () => {
      const { status } = await fetch(`${await app.getUrl()}/health/ready`);
      expect(status).toBe(200);
    }, 20_000);
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
    await broker?.drop();
  });

  async function ask(withinMs: number, userId?: string): Promise<unknown> {
    const connection = await connect(broker.amqpUrl);
    try {
      const channel = await connection.createChannel();
      const answer = new Promise<unknown>((resolve) => {
        void channel.consume(
          'amq.rabbitmq.reply-to',
          (message) => resolve(JSON.parse(message!.content.toString())),
          { noAck: true },
        );
      });
      channel.publish('ovirt.engine-backup', 'BACKUP_SETTINGS_REQUESTED', Buffer.from('{}'), {
        replyTo: 'amq.rabbitmq.reply-to',
        ...(userId === undefined ? {} : { userId }),
      });
      return await Promise.race([answer, sleep(withinMs, 'no answer', { ref: false })]);
    } finally {
      await connection.close();
    }
  }
  const set = (value: string) =>
    database.owner.query(
      `UPDATE vdc_options SET option_value = $1 WHERE option_name = 'BackupExcludeMode'`,
      [value],
    );

  it('proves once started that it answers: it asks itself, and notes when an answer came', async () => {
    await eventually(async () => {
      const [row] = await database.owner.query(
        `SELECT answered_at > now() - interval '1 minute' AS is FROM heartbeat`,
      );
      expect(row).toEqual({ is: true });
    }, 20_000);
  });

  it('answers with the current settings', async () => {
    await set('table');
    expect(await ask(5_000)).toEqual({
      BackupExcludedTables: expect.arrayContaining(['job', 'step']),
      BackupExcludeMode: 'table',
    });
    await set('data');
    expect(await ask(5_000)).toMatchObject({ BackupExcludeMode: 'data' });
  });

  it('answers with the reason if a stored setting is invalid', async () => {
    await set('everything');
    expect(await ask(5_000)).toEqual({
      error: 'BackupExcludeMode: expected data or table, got "everything"',
    });
    await set('data');
    expect(await ask(5_000)).toMatchObject({ BackupExcludeMode: 'data' });
  });

  describe('by a broker user', () => {
    const user = () => decodeURIComponent(new URL(broker.amqpUrl).username);
    const answeredWith = async (engines: number) => {
      await database.owner.query('DELETE FROM engine');
      await database.owner.query(
        `INSERT INTO engine (fqdn, broker_user)
         SELECT 'engine' || number || '.example.com', $1 FROM generate_series(1, $2::int) AS number
         UNION ALL SELECT 'other.example.com', 'another'`,
        [user(), engines],
      );
      return (userId?: string) => ask(5_000, userId);
    };

    it('names the engines that this user may report about', async () => {
      const asked = await answeredWith(2);
      expect(await asked(user())).toEqual({
        BackupExcludedTables: expect.arrayContaining(['job', 'step']),
        BackupExcludeMode: 'data',
        engines: ['engine1.example.com', 'engine2.example.com'],
      });
      await set('everything');
      expect(await asked(user())).toMatchObject({
        error: expect.stringContaining('BackupExcludeMode'),
        engines: ['engine1.example.com', 'engine2.example.com'],
      });
      await set('data');
    });

    it('names none without a user, nor to a user of no engine', async () => {
      expect(await (await answeredWith(2))(undefined)).not.toHaveProperty('engines');
      expect(await (await answeredWith(0))(user())).not.toHaveProperty('engines');
    });

    it('names all of them, or none if they are too many', async () => {
      const asked = await answeredWith(MAX_ENGINES_IN_ANSWER);
      expect(await asked(user())).toHaveProperty('engines.length', MAX_ENGINES_IN_ANSWER);
      const more = await answeredWith(MAX_ENGINES_IN_ANSWER + 1);
      expect(await more(user())).not.toHaveProperty('engines');
    });
  });
});
