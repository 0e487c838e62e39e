import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  createTestBroker,
  createTestDatabase,
  eventually,
  report,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';

const QUEUE = 'backup-awareness.ingest';
const DEAD_QUEUE = `${QUEUE}.dead`;
const PROGRAM = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const NEIGHBOURS = 40;
/** More than the ten tries that are allowed; each waits five seconds for the lock. */
const TRIES_UNDER_LOCK = 12;

/** Kills the process, as an internal defect might, when it is about to store a report with this path. */
const DEADLY = `data:text/javascript,${encodeURIComponent(`
  import { createRequire } from 'node:module';
  const { Client } = createRequire(${JSON.stringify(PROGRAM)})('pg');
  const { query } = Client.prototype;
  Client.prototype.query = function (...args) {
    const values = Array.isArray(args[1]) ? args[1] : [];
    if (values.some((value) => Buffer.isBuffer(value) && value.includes('/deadly.log')))
      process.kill(process.pid, 'SIGKILL');
    return query.apply(this, args);
  };
`)}`;

describe('two replicas of ingest that end repeatedly', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let replicas: { child: ChildProcess }[] = [];
  let isOver = false;

  beforeAll(async () => {
    broker = await createTestBroker();
    database = await createTestDatabase();
  });
  afterAll(async () => {
    isOver = true;
    await Promise.all(
      replicas.map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    await database?.drop();
    await broker?.drop();
  });

  function startReplica(): { child: ChildProcess } {
    const replica = { child: spawnIngest() };
    const watch = () =>
      replica.child.once('exit', () => {
        if (isOver) return;
        replica.child = spawnIngest();
        watch();
      });
    watch();
    return replica;
  }

  const spawnIngest = () =>
    spawn(process.execPath, ['--import', DEADLY, PROGRAM], {
      env: {
        AMQP_URL: broker.urlOf('ingest'),
        SETTINGS_AMQP_URL: broker.urlOf('ingest-settings'),
        DATABASE_URL: database.urls.ingest,
        HTTP_PORT: '0',
        LOG_LEVEL: 'silent',
      },
      stdio: 'ignore',
    });

  const send = (id: string, fqdn: string) =>
    broker.publish(
      'ovirt.engine-backup',
      'ENGINE_BACKUP_COMPLETED.db',
      report({ fqdn, log_path: `/${id}.log` }),
      { messageId: id },
    );
  const storedIds = async (): Promise<string[]> =>
    (await database.owner.query('SELECT event_id FROM engine_backup_log')).map(
      ({ event_id: id }: { event_id: string }) => id,
    );

  /** Counts, with a sequence, how often the insert of this engine is tried. */
  async function countTriesOf(fqdn: string): Promise<() => Promise<number>> {
    await database.owner.query('CREATE SEQUENCE tried');
    await database.owner.query(
      `CREATE FUNCTION count_try() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
       BEGIN PERFORM nextval('public.tried'); RETURN NEW; END $$`,
    );
    await database.owner.query(
      `CREATE TRIGGER count_try BEFORE INSERT ON engine FOR EACH ROW WHEN (NEW.fqdn = '${fqdn}')
       EXECUTE FUNCTION count_try()`,
    );
    return async () =>
      Number((await database.owner.query('SELECT last_value FROM tried'))[0].last_value);
  }

  it('lose no valid report to a lock, and make a dead letter only of the report that kills them', async () => {
    const tries = await countTriesOf('locked.example.com');
    await send('locked', 'locked.example.com');
    await send('deadly', 'deadly.example.com');
    for (let i = 0; i < NEIGHBOURS; i++) await send(`neighbour-${i}`, `n${i % 5}.example.com`);
    const lock = database.owner.createQueryRunner();
    await lock.query('BEGIN');
    await lock.query(`INSERT INTO engine (fqdn) VALUES ('locked.example.com')`);
    const before = await tries();
    replicas = [startReplica(), startReplica()];
    // Restarts after every second try: no process remembers anything, and some are killed during a try.
    for (let tried = 2; tried <= TRIES_UNDER_LOCK; tried += 2) {
      await eventually(
        async () => expect(await tries()).toBeGreaterThanOrEqual(before + tried),
        120_000,
      );
      replicas[(tried / 2) % 2]!.child.kill(tried % 4 === 0 ? 'SIGKILL' : 'SIGTERM');
    }
    await lock.query('ROLLBACK');
    await lock.release();
    const [dead, ...others] = await eventually(async () => {
      expect(await broker.depth(DEAD_QUEUE)).toBeGreaterThan(0);
      return broker.drain(DEAD_QUEUE);
    }, 120_000);
    const healthy = ['locked', ...Array.from({ length: NEIGHBOURS }, (_, i) => `neighbour-${i}`)];
    await eventually(
      async () => expect((await storedIds()).sort()).toEqual(healthy.sort()),
      120_000,
    );
    expect(others).toEqual([]);
    expect(dead!.properties.messageId).toBe('deadly');
    expect(dead!.properties.headers!['x-error-reason']).toMatch(
      /^nobody could handle the message: .* 10 failed tries, during which the process died$/,
    );
    await eventually(async () =>
      expect(await database.owner.query('SELECT * FROM message_try')).toEqual([]),
    );
    expect(await broker.depth(DEAD_QUEUE)).toBe(0);
  }, 600_000);
});
