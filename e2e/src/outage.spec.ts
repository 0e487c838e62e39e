import {
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  eventually,
  report,
  routingKeyOf,
  type TcpProxy,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { createRunDirectory, runProduct, type Product } from './product.js';

const SERVICES = ['ingest', 'freshness-checker', 'audit'] as const;
type ServiceName = (typeof SERVICES)[number];
const REPORTS = 200;

let broker: TestBroker;
let database: TestDatabase;
let brokerProxy: TcpProxy;
let databaseProxy: TcpProxy;
let product: Product;

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

afterEach(async () => {
  brokerProxy.mend();
  databaseProxy.mend();
  await eventually(async () => {
    for (const name of SERVICES) expect([name, (await health(name)).status]).toEqual([name, 200]);
  }, 60_000);
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

async function everyServiceReports(check: 'broker' | 'database', why: RegExp): Promise<void> {
  for (const name of SERVICES)
    await eventually(async () => {
      const { status, checks } = await health(name);
      expect([name, status]).toEqual([name, 503]);
      expect(checks[check]).toMatch(why);
    }, 25_000);
}

describe.each(['refuse', 'hang'] as const)('while the broker is away (%s)', (how) => {
  it('no service is ready, and each says why, until it is back', async () => {
    brokerProxy[how]();
    await everyServiceReports('broker', /broker/);
  });
});

describe.each(['refuse', 'hang'] as const)('while the database is away (%s)', (how) => {
  const fqdn = `outage-${how}.example.com`;

  async function publishReports(): Promise<void> {
    const reports = Array.from({ length: REPORTS }, (_, i) =>
      report({ fqdn, output_message: `${i}` }),
    );
    await Promise.all(
      reports.map((data) => broker.publish('ovirt.engine-backup', routingKeyOf(data), data)),
    );
  }

  /** All reports are in the queues, which have no consumers: no service has one unacknowledged. */
  async function nothingIsUnacknowledged(): Promise<void> {
    const connection = await product.client.connection();
    const channel = await connection.createChannel();
    for (const queue of ['backup-awareness.ingest', 'backup-awareness.audit'])
      await eventually(async () => {
        const { messageCount, consumerCount } = await channel.checkQueue(queue);
        expect([queue, consumerCount]).toEqual([queue, 0]);
        expect(messageCount).toBeGreaterThanOrEqual(REPORTS);
      });
    await channel.close();
  }

  it('every service says so and stops consuming; all reports are stored when it is back', async () => {
    databaseProxy[how]();
    await publishReports();
    await everyServiceReports('database', /database|no answer/);
    await nothingIsUnacknowledged();
    databaseProxy.mend();
    // The engine's own alert may be in the audit log, too.
    for (const reports of [
      'engine_backup_log WHERE',
      "audit_log WHERE event_name LIKE 'ENGINE_BACKUP_%' AND",
    ])
      await eventually(async () => {
        const rows = await database.owner.query(`SELECT FROM ${reports} fqdn = $1`, [fqdn]);
        expect([reports, rows.length]).toEqual([reports, REPORTS]);
      }, 60_000);
  });
});
