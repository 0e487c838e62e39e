import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CHECKOUT,
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  eventually,
  type TcpProxy,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { tellFigure } from './figures.js';
import { createRunDirectory, runProduct, type Product } from './product.js';
import { everythingIsThereOnce } from './resilience-outcome.js';
import { startTraffic, type Traffic } from './resilience-traffic.js';

/** How long the database is away, and the broker; the full run has 60. */
const OUTAGE_MS = 1_000 * Number(process.env.OUTAGE_SECONDS ?? 10);
/** How often each service is killed, and leaders are paused; the full run has 20. */
const KILLS = Number(process.env.KILLS ?? 4);
const SERVICES = ['ingest', 'freshness-checker', 'audit'] as const;
type ServiceName = (typeof SERVICES)[number];

describe('while reports flow', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let brokerProxy: TcpProxy;
  let databaseProxy: TcpProxy;
  let product: Product;
  let traffic: Traffic;
  const traffics: Traffic[] = [];

  beforeAll(async () => {
    broker = await createTestBroker();
    database = await createTestDatabase();
    brokerProxy = await createTcpProxy(broker.amqpUrl);
    databaseProxy = await createTcpProxy(database.ownerUrl);
    product = await runProduct({
      environment: {
        AMQP_URL: brokerProxy.urlThrough(broker.amqpUrl),
        AMQP_MANAGEMENT_URL: broker.managementUrl,
        DATABASE_URL: databaseProxy.urlThrough(database.ownerUrl),
      },
      runDirectory: createRunDirectory(broker),
    });
  });
  afterAll(async () => {
    brokerProxy?.mend();
    databaseProxy?.mend();
    await product?.stop();
    await Promise.all([brokerProxy?.close(), databaseProxy?.close()]);
    await database?.drop();
    await broker?.drop();
  });

  beforeEach(async () => {
    await allAreReady(30_000);
    traffic = startTraffic(broker, database, `t${traffics.length}`);
    traffics.push(traffic);
    await sleep(1_000);
  });
  afterEach(async () => {
    brokerProxy.mend();
    databaseProxy.mend();
    await traffic.stop();
  });

  interface Health {
    readonly status: number;
    readonly checks: Readonly<Record<string, string>>;
  }
  async function health(name: ServiceName): Promise<Health> {
    const { url } = product.endpoints().services[name]!;
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(8_000) });
    const { checks } = (await response.json()) as Pick<Health, 'checks'>;
    return { status: response.status, checks };
  }
  const isReady = async (name: ServiceName) =>
    expect({ name, ...(await health(name)) }).toMatchObject({ name, status: 200 });
  const allAreReady = (withinMs: number) =>
    eventually(() => Promise.all(SERVICES.map(isReady)), withinMs);

  /** What is asserted after each trouble. */
  async function expectEverythingOnce(what: string): Promise<void> {
    await traffic.stop();
    process.stderr.write(`${what}: ${Math.round(traffic.rate())} reports a second\n`);
    const tookMs = await everythingIsThereOnce(broker, database, traffics);
    tellFigure(`${what}: everything stored and recorded after the last report`, [tookMs]);
  }

  /** How long it takes until all are ready again and a report that is sent now is stored, in ms. */
  async function recovery(mend: () => void): Promise<number> {
    mend();
    const mendedAtMs = performance.now();
    await allAreReady(60_000);
    const last = [...traffic.confirmed].at(-1);
    await eventually(async () => {
      const rows = await database.owner.query(
        `SELECT FROM engine_backup_log JOIN audit_log USING (event_id) WHERE event_id = $1`,
        [last],
      );
      expect(rows).toHaveLength(1);
    }, 60_000);
    return performance.now() - mendedAtMs;
  }

  /**
   * Every report that is not stored waits in the queue, and nobody consumes: none is in the hands of a service. More may wait, which
   * were stored without anybody hearing of it. Sends no more from then on.
   */
  async function nothingIsHeld(): Promise<void> {
    await traffic.stop();
    const confirmed = traffics.flatMap((one) => [...one.confirmed]);
    const connection = await product.client.connection();
    const channel = await connection.createChannel();
    for (const [table, queue] of [
      ['engine_backup_log', 'backup-awareness.ingest'],
      ['audit_log', 'backup-awareness.audit'],
    ] as const)
      await eventually(async () => {
        const [row] = await database.owner.query(
          `SELECT count(*)::int AS count FROM unnest($1::text[]) AS id
           WHERE NOT EXISTS (SELECT FROM ${table} WHERE event_id = id)`,
          [confirmed],
        );
        expect(row.count).toBeGreaterThan(0);
        const { messageCount, consumerCount } = await channel.checkQueue(queue);
        expect([queue, consumerCount]).toEqual([queue, 0]);
        expect(messageCount).toBeGreaterThanOrEqual(row.count);
      });
    await channel.close();
  }

  describe.each(['refuse', 'hang'] as const)('a broker that is away (%s)', (how) => {
    it('makes every service not ready, and is worked off within seconds when it is back', async () => {
      const downAtMs = performance.now();
      brokerProxy[how]();
      for (const name of SERVICES)
        await eventually(async () => {
          const { status, checks } = await health(name);
          expect([name, status]).toEqual([name, 503]);
          expect(checks.broker).toMatch(/broker/);
        }, 25_000);
      tellFigure(`broker away (${how}): every service says so after`, [
        performance.now() - downAtMs,
      ]);
      await sleep(Math.max(0, OUTAGE_MS - (performance.now() - downAtMs)));
      const recoveryMs = await recovery(() => brokerProxy.mend());
      tellFigure(`broker away (${how}): recovery`, [recoveryMs]);
      await expectEverythingOnce(`broker away (${how})`);
    });
  });

  describe.each(['refuse', 'hang'] as const)('a database that is away (%s)', (how) => {
    it('has ingest hold nothing and say why, and store everything when it is back', async () => {
      const downAtMs = performance.now();
      databaseProxy[how]();
      for (const name of SERVICES)
        await eventually(async () => {
          const { status, checks } = await health(name);
          expect([name, status]).toEqual([name, 503]);
          expect(checks.database).toMatch(/database|no answer/);
        }, 20_000);
      await sleep(Math.max(0, OUTAGE_MS - (performance.now() - downAtMs)));
      await nothingIsHeld();
      const recoveryMs = await recovery(() => databaseProxy.mend());
      tellFigure(`database away (${how}): recovery`, [recoveryMs]);
      await expectEverythingOnce(`database away (${how})`);
    });
  });

  it('connections that break again and again lose nothing', async () => {
    for (let time = 0; time < 2 * KILLS; time++) {
      brokerProxy.cut();
      await sleep(Math.random() * 400);
      databaseProxy.cut();
      await sleep(Math.random() * 400);
    }
    const recoveryMs = await recovery(() => undefined);
    tellFigure('connections cut: recovery', [recoveryMs]);
    await expectEverythingOnce('connections cut');
  });

  it(
    `each service killed ${KILLS} times loses nothing`,
    async () => {
      const backAfterMs: number[] = [];
      for (let time = 0; time < KILLS; time++)
        for (const name of SERVICES) {
          const { pid } = product.endpoints().services[name]!;
          process.kill(pid, 'SIGKILL');
          const killedAtMs = performance.now();
          await eventually(() => expect(product.endpoints().services[name]!.pid).not.toBe(pid));
          await eventually(() => isReady(name), 20_000);
          backAfterMs.push(performance.now() - killedAtMs);
          await sleep(Math.random() * 500);
        }
      tellFigure('killed: ready again', backAfterMs);
      await expectEverythingOnce('killed');
    },
    KILLS * 30_000 + 120_000,
  );

  it(
    `of two checkers, the leader paused ${KILLS} times is followed, and cannot write when it wakes`,
    async () => {
      const first = product.endpoints().services['freshness-checker']!.pid;
      const second = startBeside(first);
      const leader = async () => {
        const [row] = await database.owner.query('SELECT holder, epoch FROM checker_lease');
        const [host, pid] = String(row.holder).split(':');
        expect(host).toBe(hostname());
        return { pid: Number(pid), epoch: Number(row.epoch) };
      };
      const takeOverMs: number[] = [];
      try {
        await sleep(2_500);
        for (let time = 0; time < KILLS; time++) {
          const paused = await leader();
          expect([first, second.pid]).toContain(paused.pid);
          process.kill(paused.pid, 'SIGSTOP');
          const pausedAtMs = performance.now();
          try {
            await eventually(async () => {
              const now = await leader();
              expect(now.epoch).toBeGreaterThan(paused.epoch);
            }, 15_000);
            takeOverMs.push(performance.now() - pausedAtMs);
            await sleep(500 + Math.random() * 500);
          } finally {
            process.kill(paused.pid, 'SIGCONT');
          }
          await sleep(1_500 + Math.random() * 500);
          const now = await leader();
          expect(now.pid).not.toBe(paused.pid);
          expect(now.epoch).toBe(paused.epoch + 1);
        }
        tellFigure('leader paused: take-over', takeOverMs);
        await expectEverythingOnce('leader paused');
      } finally {
        second.kill('SIGTERM');
        const [code] = await once(second, 'exit');
        expect(code).toBe(0);
      }
      await allAreReady(20_000);
    },
    KILLS * 15_000 + 120_000,
  );

  /** A checker with all that the first has in its environment, but its port. */
  function startBeside(pid: number): ChildProcess {
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    const entries = variables.map((text) => {
      const at = text.indexOf('=');
      return [text.slice(0, at), text.slice(at + 1)] as const;
    });
    return spawn(process.execPath, [join(CHECKOUT, 'apps/freshness-checker/dist/main.js')], {
      env: { ...Object.fromEntries(entries), HTTP_PORT: '0' },
      stdio: 'ignore',
    });
  }
});
