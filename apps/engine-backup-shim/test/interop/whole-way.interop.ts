import { existsSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { brokerKeys, PROGRAM } from '../helpers/engine-host.js';
import { startIngest } from '../helpers/ingest-process.js';
import {
  createEngineHost,
  type EngineHost,
  type EngineHostOptions,
} from '../stand-in/engine-host.js';
import {
  startPostgresqlCluster,
  type EngineDatabase,
  type PostgresqlCluster,
} from '../stand-in/postgresql-cluster.js';

// From engine-backup through drop-in, engine-backup-shim, broker and ingest to the row: all of them real, except for the
// stand-in for engine-backup.
const SCHEMA = readFileSync(new URL('../stand-in/engine-database.sql', import.meta.url), 'utf8');

let cluster: PostgresqlCluster;
let engine: EngineDatabase;
let broker: TestBroker;
let database: TestDatabase;
let stopIngest: (() => Promise<void>) | undefined;
const hosts: EngineHost[] = [];

beforeAll(async () => {
  cluster = await startPostgresqlCluster();
  engine = await cluster.createDatabase('engine', SCHEMA);
  broker = await createTestBroker();
  database = await createTestDatabase();
  stopIngest = await startIngest(broker, database);
});
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));
afterAll(async () => {
  await stopIngest?.();
  await database?.drop();
  await broker?.drop();
  cluster?.stop();
});

function engineHost(fqdn: string, amqpUrl: string, options: EngineHostOptions = {}): EngineHost {
  const keys = { ...brokerKeys(amqpUrl), NODE: process.execPath, DELIVERY_TIMEOUT_S: 8 };
  const host = createEngineHost({
    shim: readFileSync(PROGRAM, 'utf8'),
    configuration: Object.entries(keys)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
    path: `${cluster.programs}:${process.env.PATH}`,
    ...options,
    engine: {
      ENGINE_FQDN: fqdn,
      ENGINE_DB_HOST: engine.host,
      ENGINE_DB_PORT: String(engine.port),
      ENGINE_DB_USER: engine.user,
      ENGINE_DB_PASSWORD: engine.password,
      ENGINE_DB_DATABASE: engine.name,
      ...options.engine,
    },
  });
  hosts.push(host);
  return host;
}

const OUTCOMES: Record<string, string> = { null: 'started', true: 'completed', false: 'failed' };

async function rowsOf(fqdn: string): Promise<string[]> {
  const rows = await database.owner.query<{ scope: string; is_passed: boolean | null }[]>(
    `SELECT scope, is_passed FROM engine_backup_log WHERE fqdn = $1 ORDER BY done_at, scope`,
    [fqdn],
  );
  return rows.map(({ scope, is_passed }) => `${scope} ${OUTCOMES[String(is_passed)]}`);
}

const failing = (name: string) => `#!/bin/sh\necho '${name} failed' >&2\nexit 1\n`;
const waitingTar = `#!/bin/sh\nprintf '' >"\${0%/*}/waiting"\nexec sleep 600\n`;
const kill = (signal: NodeJS.Signals) => async (host: EngineHost, group: number) => {
  await eventually(() => expect(existsSync(join(host.root, 'programs', 'waiting'))).toBe(true));
  process.kill(-group, signal);
};
const ALL = ['cinderlib', 'db', 'dwhdb', 'files', 'grafanadb', 'keycloak', 'managedblock'];

describe('the stored reports', () => {
  it.each<
    [
      string,
      string[],
      EngineHostOptions,
      ((host: EngineHost, group: number) => Promise<void>) | undefined,
      string[],
    ]
  >([
    ['success', ['--scope=db'], {}, undefined, ['db started', 'db completed']],
    ['--scope=files', ['--scope=files'], {}, undefined, ['files started', 'files completed']],
    [
      '--scope=all',
      ['--scope=all'],
      {},
      undefined,
      [...ALL.map((one) => `${one} started`), ...ALL.map((one) => `${one} completed`)],
    ],
    [
      'a dump that fails',
      ['--scope=db'],
      { programs: { pg_dump: failing('pg_dump') } },
      undefined,
      ['db started', 'db failed'],
    ],
    ['bad arguments', ['--scope=db', '--file='], {}, undefined, ['db failed']],
    [
      'a doubled failure',
      ['--scope=files'],
      { programs: { sha256sum: failing('sha256sum') } },
      undefined,
      ['files started', 'files failed'],
    ],
    [
      'TERM',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      kill('SIGTERM'),
      ['files started', 'files failed'],
    ],
    [
      'KILL',
      ['--scope=files'],
      { programs: { tar: waitingTar } },
      kill('SIGKILL'),
      ['files started'],
    ],
    [
      'a db that was never dumped',
      ['--scope=db', '--scope=files'],
      { engine: { ENGINE_SERVICE: 'disabled' } },
      undefined,
      ['db started', 'files started', 'db failed', 'files completed'],
    ],
  ])('of %s are these', async (what, args, options, onStart, expected) => {
    const fqdn = `${what
      .toLowerCase()
      .replaceAll(/[^a-z]+/g, '-')
      .replace(/^-/, '')}.example.com`;
    const host = engineHost(fqdn, broker.amqpUrl, options);
    await host.run(args, onStart && ((group) => onStart(host, group)));
    await eventually(async () => {
      // A delivery that found another one in progress has left its record to the timer.
      await host.shim('flush');
      expect(await rowsOf(fqdn)).toEqual(expected);
      expect(host.reported()).toEqual([]);
    }, 45_000);
  });
});

it('a run that was killed stays open until the next one completes what it started', async () => {
  const fqdn = 'killed.example.com';
  const host = engineHost(fqdn, broker.amqpUrl, { programs: { tar: waitingTar } });
  const next = engineHost(fqdn, broker.amqpUrl);
  const delivered = (from: EngineHost, rows: string[]) =>
    eventually(async () => {
      await from.shim('flush');
      expect(await rowsOf(fqdn)).toEqual(rows);
    }, 45_000);
  /** The scopes of runs that may be open, and whether each was completed after the run started. */
  const openRuns = () =>
    database.owner.query(
      `SELECT scope, coalesce(last.counted_at > started.counted_at, false) AS "isSuperseded"
       FROM open_run JOIN engine_backup_log started USING (fqdn, run_id, scope)
       LEFT JOIN engine_last_success last USING (fqdn, scope) WHERE fqdn = $1 AND started.is_passed IS NULL`,
      [fqdn],
    );

  await host.run(['--scope=files'], (group) => kill('SIGKILL')(host, group));
  await delivered(host, ['files started']);
  expect(await openRuns()).toEqual([{ scope: 'files', isSuperseded: false }]);

  await next.run(['--scope=files']);
  await delivered(next, ['files started', 'files started', 'files completed']);
  expect(await openRuns()).toEqual([{ scope: 'files', isSuperseded: true }]);
});

describe('a backup ends as usual and loses no report', () => {
  it.each([
    ['is stopped', () => 'amqp://user:password@127.0.0.1:1/%2F'],
    ['refuses the password', () => broker.amqpUrl.replace(/:[^:@/]+@/, ':wrong@')],
    ['hangs', () => `amqp://user:password@127.0.0.1:${(hung.address() as AddressInfo).port}/%2F`],
  ])('while the broker %s', async (_, url) => {
    const host = engineHost('away.example.com', url());
    expect(await host.run(['--scope=db'])).toMatchObject({ code: 0, stderr: '' });
    await eventually(
      async () => expect((await host.shim('flush')).stderr).toContain('pending in the spool'),
      45_000,
    );
    expect(host.reported()).toEqual(['0 db', '1 db']);
  });

  // Accepts connections and never answers.
  const hung = createServer();
  beforeAll(() => new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve)));
  afterAll(() => void hung.close());
});
