import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { BROKER_USER_NAMES } from '@backup-awareness/messaging';
import {
  cloudEvent,
  createTestBroker,
  createTestDatabase,
  type Endpoints,
  eventName,
  makeTemporaryRunDirectory,
  npmStart,
  type Report,
  routingKeyOf,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import type { Options } from 'amqplib';
import pg from 'pg';
import { createBrokerClient, type BrokerClient } from './broker-client.js';
import { runCli, type CliResult } from './cli.js';

/** The name under which `npm start` registers this host. */
export const THIS_HOST = hostname().toLowerCase();

/** The whole product as `npm start` runs it, with the actions of its users. */
export interface Product {
  readonly runDirectory: string;
  /** The pid of `npm start`; changes at a restart. */
  readonly pid: number;
  /** All output of `npm start` since its last start. */
  output(): string;
  endpoints(): Endpoints;
  /** Queries the database as its owner. Rejects where the database does. */
  query<Row extends pg.QueryResultRow>(sql: string, parameters?: unknown[]): Promise<Row[]>;
  /** An ordinary client, as the broker's administrator. */
  readonly client: BrokerClient;
  /** Publishes a report as `amqp-publish` in a shell script does: the six fields, with the name in the routing key. */
  reportBare(data: Report, options?: Options.Publish): Promise<void>;
  /** Publishes a report as a CloudEvent with all properties of the contract; `id` is new by default. */
  reportCloudEvent(data: Report, id?: string, options?: Options.Publish): Promise<void>;
  /** Reports both scopes of a full backup, just done. */
  reportFullBackup(fqdn: string, fields?: Partial<Report>): Promise<void>;
  cli(...args: string[]): Promise<CliResult>;
  /** The parsed output of a command with `--json`. @throws where its exit code is not 0 */
  cliJson<T>(...args: string[]): Promise<T>;
  /** Ends `npm start` by this signal, by default SIGTERM; its state stays. Resolves with the exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** Ends `npm start` by this signal and restarts it with the same state. Resolves with the exit code. */
  restart(signal?: NodeJS.Signals): Promise<number | null>;
  /** Sends SIGTERM unless it has ended, asserts that it exits with 0 and leaves nothing running, and removes its state. */
  stop(): Promise<void>;
}

export interface ProductOptions {
  /** Variables for `npm start`; with AMQP_URL and DATABASE_URL it starts no servers of its own. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly runDirectory?: string;
  /** Called after the product has stopped. */
  readonly onStopped?: () => Promise<void>;
}

/** The product on servers that other tests use, too. */
export interface ProductOnTestServers extends Product {
  readonly broker: TestBroker;
  readonly database: TestDatabase;
}

/** Starts the product on its own virtual host and database, on the servers of the tests. */
export async function startProduct(): Promise<ProductOnTestServers> {
  const broker = await createTestBroker();
  const database = await createTestDatabase();
  const dropBoth = async () => {
    await broker.drop();
    await database.drop();
  };
  try {
    const product = await runProduct({
      environment: {
        AMQP_URL: broker.amqpUrl,
        AMQP_MANAGEMENT_URL: broker.managementUrl,
        DATABASE_URL: database.ownerUrl,
      },
      runDirectory: createRunDirectory(broker),
      onStopped: dropBoth,
    });
    return Object.assign(product, { broker, database });
  } catch (error) {
    await dropBoth();
    throw error;
  }
}

/** A run directory with the passwords that the broker's users have already, so that `urlOf` stays right. */
export function createRunDirectory(broker?: TestBroker): string {
  const folder = makeTemporaryRunDirectory('backup-awareness-e2e-');
  if (broker) {
    const passwords = BROKER_USER_NAMES.map((user) => [
      `brokerUser.${user}`,
      decodeURIComponent(new URL(broker.urlOf(user)).password),
    ]);
    const secrets = JSON.stringify(Object.fromEntries(passwords));
    writeFileSync(join(folder, 'secrets.json'), secrets, { mode: 0o600 });
  }
  return folder;
}

/** Runs the product with this environment; without AMQP_URL and DATABASE_URL it starts its own servers. */
export async function runProduct(options: ProductOptions = {}): Promise<Product> {
  const runDirectory = options.runDirectory ?? createRunDirectory();
  const run = () => npmStart(runDirectory, options.environment);
  let start = await run();
  const client = createBrokerClient(() => start.endpoints().amqpUrl);
  // Looked up at each query: after a restart the database may be elsewhere.
  const query: Product['query'] = async (sql, parameters) => {
    const pool = poolFor(start.endpoints().databaseUrl);
    return (await pool.query(sql, parameters)).rows;
  };
  const pools = new Map<string, pg.Pool>();
  const poolFor = (connectionString: string): pg.Pool => {
    const known = pools.get(connectionString);
    if (known) return known;
    const pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 5_000 });
    pool.on('error', () => undefined);
    pools.set(connectionString, pool);
    return pool;
  };
  const cli = (...args: string[]) => runCli(runDirectory, args);
  const product: Product = {
    runDirectory,
    get pid() {
      return start.pid;
    },
    output: () => start.output(),
    endpoints: () => start.endpoints(),
    query,
    client,
    reportBare: (data, properties) =>
      client.publish('ovirt.engine-backup', routingKeyOf(data), data, properties),
    reportCloudEvent: (data, id, properties) => {
      const event = cloudEvent(data, id);
      return client.publish('ovirt.engine-backup', routingKeyOf(data), event, {
        contentType: 'application/cloudevents+json',
        messageId: event.id,
        type: eventName(data),
        timestamp: Math.floor(Date.now() / 1000),
        appId: 'engine-backup-shim',
        ...properties,
      });
    },
    reportFullBackup: async (fqdn, fields) => {
      for (const scope of ['db', 'files'])
        await product.reportBare({ ...FULL_BACKUP, ...now(), ...fields, fqdn, scope });
    },
    cli,
    cliJson: async <T>(...args: string[]) => {
      const { code, stdout, stderr } = await cli(...args, '--json');
      assert.equal(code, 0, `${args.join(' ')}: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
    end: (signal = 'SIGTERM') => start.end(signal),
    restart: async (signal = 'SIGTERM') => {
      const code = await start.end(signal);
      start = await run();
      return code;
    },
    stop: async () => {
      await client.close();
      await Promise.all([...pools.values()].map((pool) => pool.end()));
      const path = join(runDirectory, 'endpoints.json');
      const services = existsSync(path) ? Object.values(start.endpoints().services) : [];
      const code = await start.end('SIGTERM');
      await options.onStopped?.();
      assert.equal(code, 0, `npm start ended with ${code}:\n${start.output()}`);
      const running = services.filter(({ pid }) => isRunning(pid));
      assert.deepEqual(running, [], 'services that npm start has left running');
      assert.equal(existsSync(path), false, `${path} is still there`);
      rmSync(runDirectory, { recursive: true, force: true });
    },
  };
  return product;
}

const FULL_BACKUP = { status: 1, output_message: '', log_path: '' } as const;
const now = () => ({ done_at: new Date().toISOString() });

/** A process that has ended and was not waited for is still listed, as a zombie. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
