import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { Logger, type INestApplication } from '@nestjs/common';
import type { Options } from 'amqplib';
import { startIngest } from './spec/start-ingest.js';

const QUEUE = 'backup-awareness.ingest';
const DEAD_QUEUE = `${QUEUE}.dead`;
/** Many of them are tried alone, a transaction each. */
const A_BUSY_MACHINE_MS = 60_000;

describe('the ingest service', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let app: INestApplication;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    broker = await createTestBroker();
    database = await createTestDatabase();
    app = await startIngest({ broker, database });
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
    await broker?.drop();
  });
  beforeEach(async () => {
    await isReady();
    await broker.drain(DEAD_QUEUE);
    await database.owner.query('TRUNCATE engine_backup_log, engine');
  });

  interface Health {
    status: number;
    checks: Record<string, string>;
  }
  async function health(): Promise<Health> {
    const response = await fetch(`${await app.getUrl()}/health/ready`);
    const { checks } = (await response.json()) as { checks: Health['checks'] };
    return { status: response.status, checks };
  }
  async function metrics(): Promise<Record<string, number>> {
    const text = await (await fetch(`${await app.getUrl()}/metrics`)).text();
    const series = text.matchAll(/^(backup_awareness_\S+) (\S+)$/gm);
    return Object.fromEntries([...series].map(([, name, value]) => [name, Number(value)]));
  }
  const isReady = () =>
    eventually(async () => expect(await health()).toMatchObject({ status: 200 }), 20_000);

  const report = (fields: Record<string, unknown> = {}) => ({
    scope: 'db',
    done_at: '2026-11-23T01:10:42Z',
    status: 1,
    output_message: 'Backup Finished',
    fqdn: 'engine.example.com',
    log_path: '/var/log/backup.log',
    ...fields,
  });
  const send = (messageId: string, fields?: Record<string, unknown>, options?: Options.Publish) =>
    broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED', report(fields), {
      messageId,
      ...options,
    });
  const sendMany = (count: number, fields?: (i: number) => Record<string, unknown>) =>
    Promise.all(Array.from({ length: count }, (_, i) => send(`report-${i}`, fields?.(i))));

  interface Row {
    fqdn: string;
    event_id: string;
    scope: string;
    is_passed: boolean | null;
    output_message: string;
    reported_by: string | null;
  }
  const rows = (): Promise<Row[]> =>
    database.owner.query('SELECT * FROM engine_backup_log ORDER BY fqdn, event_id');
  const countRows = async (): Promise<number> =>
    Number((await database.owner.query('SELECT count(*) FROM engine_backup_log'))[0].count);
  const areStored = (count: number, withinMs?: number) =>
    eventually(async () => expect(await countRows()).toBe(count), withinMs);
  const isEmpty = () => eventually(async () => expect(await inQueue()).toBe(0));
  /** All messages of the queue, also those delivered and not settled; the broker updates its count every few seconds. */
  async function inQueue(): Promise<number> {
    const at = encodeURIComponent(broker.vhost);
    const queue = (await broker.api('GET', `queues/${at}/${QUEUE}`)) as { messages?: number };
    return Math.max(queue.messages ?? 0, await broker.depth(QUEUE));
  }

  it('stores each report once, however often it arrives, and registers its engine', async () => {
    for (let time = 0; time < 3; time++)
      await sendMany(1_000, (i) => ({ fqdn: `engine-${i % 10}.example.com` }));
    await areStored(1_000);
    await isEmpty();
    expect(await countRows()).toBe(1_000);
    expect(await broker.depth(DEAD_QUEUE)).toBe(0);
    const [engines] = await database.owner.query('SELECT count(*)::int AS count FROM engine');
    expect(engines.count).toBe(10);
  });

  it('counts messages by outcome, from 0 on, and batches by size and duration', async () => {
    const settled = `backup_awareness_messages_settled_total{queue="${QUEUE}",outcome=`;
    const before = await metrics();
    expect(before).toHaveProperty([`${settled}"failed"}`]);
    await send('good');
    await send('invalid', { status: 7 });
    await eventually(async () => {
      const after = await metrics();
      const increase = (name: string) => after[name]! - before[name]!;
      expect(increase(`${settled}"stored"}`)).toBe(1);
      expect(increase(`${settled}"invalid"}`)).toBe(1);
      expect(increase(`backup_awareness_batch_messages_sum{queue="${QUEUE}"}`)).toBeGreaterThan(1);
      const durations = `backup_awareness_batch_duration_seconds_sum{queue="${QUEUE}"}`;
      expect(increase(durations)).toBeGreaterThan(0);
    });
  });

  it('stores all three kinds, from CloudEvents and bare JSON', async () => {
    const kinds = [
      ['ENGINE_BACKUP_STARTED', 0],
      ['ENGINE_BACKUP_COMPLETED', 1],
      ['ENGINE_BACKUP_FAILED', -1],
    ] as const;
    for (const [name, status] of kinds) {
      const data = report({ status });
      await broker.publish('ovirt.engine-backup', `${name}.db`, data, {
        messageId: `bare ${name}`,
      });
      await broker.publish(
        'ovirt.engine-backup',
        `${name}.db`,
        {
          specversion: '1.0',
          id: `event ${name}`,
          source: '/ovirt/engines/engine.example.com',
          type: `org.ovirt.${name}`,
          subject: 'db',
          data,
        },
        { contentType: 'application/cloudevents+json' },
      );
    }
    await areStored(6);
    expect((await rows()).map((row) => [row.event_id, row.is_passed])).toEqual([
      ['bare ENGINE_BACKUP_COMPLETED', true],
      ['bare ENGINE_BACKUP_FAILED', false],
      ['bare ENGINE_BACKUP_STARTED', null],
      ['event ENGINE_BACKUP_COMPLETED', true],
      ['event ENGINE_BACKUP_FAILED', false],
      ['event ENGINE_BACKUP_STARTED', null],
    ]);
  });

  it('stores the same id of two engines twice', async () => {
    await send('same', { fqdn: 'a.example.com' });
    await send('same', { fqdn: 'b.example.com' });
    await areStored(2);
    expect(await broker.depth(DEAD_QUEUE)).toBe(0);
  });

  it('makes a dead letter of an id that is used again with different content', async () => {
    await send('same');
    await send('same', { output_message: 'something else' });
    const [dead] = await eventually(async () => {
      const messages = await broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages;
    });
    expect(dead!.properties.headers!['x-error-reason']).toContain('id reused');
    expect(await rows()).toMatchObject([{ output_message: 'Backup Finished' }]);
  });

  it('stores every character unchanged', async () => {
    const points = [...range(1, 0xd7ff), ...range(0xe000, 0xffff), 0x10000, 0x1f600, 0x10ffff];
    const text =
      String.fromCodePoint(...points.slice(0, 60_000)) +
      String.fromCodePoint(...points.slice(60_000));
    await send('text', { output_message: text, log_path: '{"a\\"},NULL' });
    await areStored(1);
    const [row] = await rows();
    expect(row!.output_message === text).toBe(true);
    expect(row).toMatchObject({ log_path: '{"a\\"},NULL' });
  });

  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00+14:00', 0],
    ['9999-12-31T23:59:59-14:00', 0],
    ['9999-12-31T23:59:59.999999999Z', 32_503_679_999],
    ['1970-01-01T00:00:00Z', 32_503_679_999],
    ['2026-06-30T23:59:60Z', 1],
  ])(
    'stores, or refuses with a reason, a report done at %s and sent at %d',
    async (done_at, timestamp) => {
      await send('neighbour');
      await send('edge', { done_at }, { timestamp });
      const dead = await eventually(async () => {
        expect((await countRows()) + (await broker.depth(DEAD_QUEUE))).toBe(2);
        return broker.drain(DEAD_QUEUE);
      });
      for (const { properties } of dead)
        expect(properties.headers!['x-error-reason']).toMatch(/^data\.done_at: expected/);
    },
  );

  it('makes dead letters only of reports whose data the database refuses', async () => {
    await database.owner.query(
      `ALTER TABLE engine_backup_log ADD CONSTRAINT not_this_one CHECK (output_message <> 'refused') NOT VALID`,
    );
    try {
      await sendMany(500, (i) => ({ output_message: i % 100 === 37 ? 'refused' : 'fine' }));
      await areStored(495);
      const dead = await eventually(async () => {
        expect(await broker.depth(DEAD_QUEUE)).toBe(5);
        return broker.drain(DEAD_QUEUE);
      });
      expect(dead[0]!.properties.headers).toMatchObject({
        'x-error-path': 'data',
        'x-error-got': expect.stringContaining('not_this_one'),
      });
      await isReady();
    } finally {
      await database.owner.query('ALTER TABLE engine_backup_log DROP CONSTRAINT not_this_one');
    }
  });

  const role = () => `"${decodeURIComponent(new URL(database.urls.ingest).username)}"`;
  const name = () => `"${new URL(database.ownerUrl).pathname.slice(1)}"`;
  const sql = (text: string) => database.owner.query(text);
  /** A session has its settings from its start: open sessions have to be ended. */
  const endSessions = () =>
    sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'ingest'`,
    );

  describe.each<[string, RegExp, () => Promise<unknown>, () => Promise<unknown>]>([
    [
      'a missing table',
      /relation "engine_backup_log" does not exist/,
      () => sql('ALTER TABLE engine_backup_log RENAME TO elsewhere'),
      () => sql('ALTER TABLE elsewhere RENAME TO engine_backup_log'),
    ],
    [
      'a read-only database',
      /read-only transaction|may only read|are read-only/,
      async () => {
        await sql(`ALTER ROLE ${role()} SET default_transaction_read_only = on`);
        await endSessions();
      },
      async () => {
        await sql(`ALTER ROLE ${role()} RESET default_transaction_read_only`);
        await endSessions();
      },
    ],
    [
      'a revoked privilege on a table',
      /permission denied for table engine_backup_log/,
      () => sql(`REVOKE INSERT ON engine_backup_log FROM ${role()}`),
      () => sql(`GRANT INSERT ON engine_backup_log TO ${role()}`),
    ],
    [
      'a revoked privilege on a function',
      /permission denied for function register_engines/,
      () => sql(`REVOKE EXECUTE ON FUNCTION register_engines(text[]) FROM ${role()}`),
      () => sql(`GRANT EXECUTE ON FUNCTION register_engines(text[]) TO ${role()}`),
    ],
    [
      'a database that accepts no connections',
      /./,
      async () => {
        await sql(`ALTER DATABASE ${name()} CONNECTION LIMIT 0`);
        await endSessions();
      },
      () => sql(`ALTER DATABASE ${name()} CONNECTION LIMIT -1`),
    ],
  ])('given %s', (_, reason, damage, repair) => {
    it('holds nothing, is not ready and says why, and stores everything once that is repaired', async () => {
      await damage();
      try {
        await sendMany(50);
        await eventually(async () => {
          const { status, checks } = await health();
          expect(status).toBe(503);
          expect(Object.values(checks).join('; ')).toMatch(reason);
        });
        await sleep(1_000);
        expect(await broker.depth(QUEUE)).toBe(50);
        expect(await broker.depth(DEAD_QUEUE)).toBe(0);
      } finally {
        await repair();
      }
      await areStored(50);
      await isReady();
      expect(await broker.depth(DEAD_QUEUE)).toBe(0);
    });
  });

  it('given a database that stores only one report at a time, makes no dead letters, and stores all once that is repaired', async () => {
    await sql(
      `CREATE FUNCTION only_one() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (SELECT count(*) FROM added) > 1 THEN
           RAISE EXCEPTION 'disk full' USING ERRCODE = 'disk_full';
         END IF;
         RETURN NULL;
       END $$`,
    );
    await sql(
      `CREATE TRIGGER only_one AFTER INSERT ON engine_backup_log REFERENCING NEW TABLE AS added
       FOR EACH STATEMENT EXECUTE FUNCTION only_one()`,
    );
    try {
      await sendMany(1_500);
      await sleep(6_000);
    } finally {
      await sql('DROP FUNCTION only_one CASCADE');
    }
    const reasons = new Set<unknown>();
    await eventually(async () => {
      for (const { properties } of await broker.drain(DEAD_QUEUE))
        reasons.add(properties.headers!['x-error-reason']);
      expect([...reasons]).toEqual([]);
      expect(await countRows()).toBe(1_500);
    }, A_BUSY_MACHINE_MS);
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}
