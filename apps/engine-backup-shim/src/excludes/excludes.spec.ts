import { EXCLUDED_TABLES } from '@backup-awareness/contracts';
import {
  createEmptyDatabase,
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import pg from 'pg';
import { parseSettings, pgDumpOptions } from './excludes.js';
import { brokerKeys, createEngineHost, type EngineHost } from '../../test/helpers/engine-host.js';
import { startIngest } from '../../test/helpers/ingest-process.js';

const NINE_OPTIONS = EXCLUDED_TABLES.map((table) => `--exclude-table-data=public.${table}\n`).join(
  '',
);

describe('an answer about excluded tables', () => {
  const answer = (tables: unknown, mode: unknown = 'data') =>
    JSON.stringify({ BackupExcludedTables: tables, BackupExcludeMode: mode });

  it('is accepted if all its tables are on the list of this host', () => {
    expect(parseSettings(answer(['more', 'own', 'more'], 'table'), ['more', 'own'])).toEqual({
      BackupExcludedTables: ['more', 'own'],
      BackupExcludeMode: 'table',
    });
  });

  it('is accepted with additional fields, which are ignored', () => {
    const settings = { BackupExcludedTables: ['own'], BackupExcludeMode: 'data' };
    const text = JSON.stringify({ ...settings, engines: ['engine.example.com'], more: {} });
    expect(parseSettings(text, ['own'])).toEqual(settings);
  });

  it.each([
    ...[
      'vm_static',
      '*',
      'job*',
      'public.job',
      'JOB',
      'jo?',
      'j|b',
      '(job)',
      'job"',
      "job'",
      'job;',
    ],
    ...['--schema-only', 'job --data-only', 'job\n-T *', ' job', '', '$(id)', '%', '__proto__'],
    ...[1, null, ['job'], { job: 1 }],
  ])('is refused as a whole if a table is %j', (table) => {
    expect(() => parseSettings(answer(['job', table]), EXCLUDED_TABLES)).toThrow(
      "refused: BackupExcludedTables: expected only tables on this host's list, got",
    );
  });

  it.each([
    ['one', EXCLUDED_TABLES.slice(1)],
    ['eight', EXCLUDED_TABLES.slice(8)],
    ['one (given another table of this host)', [...EXCLUDED_TABLES.slice(1), 'own']],
  ])(
    'is refused as a whole if %s of the nine tables is missing, since they belong together',
    (_, tables) => {
      expect(() => parseSettings(answer(tables), [...EXCLUDED_TABLES, 'own'])).toThrow(
        /^refused: BackupExcludedTables: expected all or none of async_tasks/,
      );
    },
  );

  it.each([
    ['an error', '{"error":"BackupExcludeMode: expected data or table"}'],
    ['not JSON', 'job'],
    ['not an object', '"job"'],
    ['null', 'null'],
    ['without tables', answer(undefined)],
    ['one table as a string', answer('job')],
    ['an empty list', answer([])],
    ['of an unknown mode', answer(['job'], 'all')],
    ['of a mode that is an option', answer(['job'], 'data --schema-only')],
  ])('is refused if it is %s', (_, text) => {
    expect(() => parseSettings(text, EXCLUDED_TABLES)).toThrow(/^refused: /);
  });

  it('becomes an option of pg_dump for each table', () => {
    expect(pgDumpOptions({ tables: ['job'], mode: 'data' })).toEqual([
      '--exclude-table-data=public.job',
    ]);
    expect(pgDumpOptions({ tables: ['job'], mode: 'table' })).toEqual([
      '--exclude-table=public.job',
    ]);
  });
});

describe('pg-dump-args', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let stopIngest: () => Promise<void>;
  let host: EngineHost;
  beforeAll(async () => {
    broker = await createTestBroker();
    database = await createTestDatabase();
    stopIngest = await startIngest(broker, database);
  });
  afterAll(async () => {
    await stopIngest?.();
    await database?.drop();
    await broker?.drop();
  });
  beforeEach(() => {
    host = createEngineHost();
    host.configure(brokerKeys(broker.amqpUrl));
  });
  afterEach(async () => {
    await set('BackupExcludedTables', EXCLUDED_TABLES.join(','));
    await set('BackupExcludeMode', 'data');
    host.remove();
  });

  const set = (name: string, value: string) =>
    database.owner.query('UPDATE vdc_options SET option_value = $2 WHERE option_name = $1', [
      name,
      value,
    ]);

  it('prints what the administrator has set, and caches it', async () => {
    host.configure({ ...brokerKeys(broker.amqpUrl), EXCLUDABLE_TABLES: 'mine, more' });
    await set('BackupExcludedTables', 'mine,more');
    await set('BackupExcludeMode', 'table');
    const options = '--exclude-table=public.mine\n--exclude-table=public.more\n';
    expect(await host.shim(['pg-dump-args'])).toMatchObject({
      code: 0,
      stdout: options,
      stderr:
        'engine-backup-shim: BackupExcludeMode is table: engine-backup --mode=restore will fail on such an archive\n',
    });
    host.configure({ BROKER_URL: 'amqp://127.0.0.1:1', EXCLUDABLE_TABLES: 'mine, more' });
    const { code, stdout, stderr } = await host.shim(['pg-dump-args']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: options });
    expect(stderr).toContain('no broker listens there');
  });

  it('refuses a table that is not on the list of this host, says so, and excludes the nine', async () => {
    await set('BackupExcludedTables', [...EXCLUDED_TABLES, 'vm_static'].join(','));
    const { code, stdout, stderr } = await host.shim(['pg-dump-args']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: NINE_OPTIONS });
    expect(stderr).toMatch(/refused: .* expected only tables on this host's list, got "vm_static"/);
  });

  it('accepts a table that root has added to the list', async () => {
    await set('BackupExcludedTables', 'others,audit_rows');
    host.configure({ ...brokerKeys(broker.amqpUrl), EXCLUDABLE_TABLES: 'others, audit_rows' });
    expect((await host.shim(['excluded-tables'])).stdout).toBe('others\naudit_rows\n');
  });

  it.each([
    ['the host refuses it', [...EXCLUDED_TABLES, 'vm_static'].join(',')],
    ['ingest refuses what is stored', 'job'],
  ])('does not fall back to the cached answer when %s', async (_, tables) => {
    await set('BackupExcludeMode', 'table');
    expect((await host.shim(['pg-dump-args'])).stdout).toContain('--exclude-table=public.job\n');
    await set('BackupExcludeMode', 'data');
    await set('BackupExcludedTables', tables);
    const { stdout, stderr } = await host.shim(['pg-dump-args']);
    expect(stdout).toBe(NINE_OPTIONS);
    expect(stderr).toContain('answer: refused');
  });

  it('validates a cached answer like a new one', async () => {
    host.configure({});
    host.write(
      host.paths.settings,
      '{"BackupExcludedTables":["vm_static"],"BackupExcludeMode":"data"}',
    );
    const { stdout, stderr } = await host.shim(['pg-dump-args']);
    expect(stdout).toBe(NINE_OPTIONS);
    expect(stderr).toContain('cached answer: refused');
  });

  it.each([
    ['the broker hangs', 'hang', /did not answer in time/],
    ['the broker is unreachable', 'refuse', /cannot connect|ECONNRESET|Socket closed/],
  ] as const)('excludes the nine when %s', async (_, fault, reason) => {
    const proxy = await createTcpProxy(broker.amqpUrl);
    try {
      proxy[fault]();
      host.configure(brokerKeys(proxy.urlThrough(broker.amqpUrl)));
      const { code, stdout, stderr } = await host.shim(['pg-dump-args']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: NINE_OPTIONS });
      expect(stderr).toMatch(reason);
    } finally {
      await proxy.close();
    }
  });

  it('excludes the nine when no answer comes', async () => {
    const silent = await createTestBroker();
    try {
      host.configure(brokerKeys(silent.amqpUrl));
      const { stdout, stderr } = await host.shim(['pg-dump-args']);
      expect(stdout).toBe(NINE_OPTIONS);
      expect(stderr).toContain('no answer came: is ingest running?');
    } finally {
      await silent.drop();
    }
  });

  it("warns of a table that is not in the engine's database", async () => {
    const engine = await createEmptyDatabase();
    try {
      const client = new pg.Client({ connectionString: engine.url });
      await client.connect();
      const present = EXCLUDED_TABLES.filter((table) => table !== 'async_tasks');
      await client.query(present.map((table) => `CREATE TABLE ${table} ()`).join(';'));
      await client.end();
      const { hostname, port, username, password, pathname } = new URL(engine.url);
      const lines = [
        `ENGINE_DB_HOST="${hostname}"`,
        `ENGINE_DB_PORT="${port}"`,
        `ENGINE_DB_USER="${username}"`,
        `ENGINE_DB_PASSWORD="${password}"`,
        `ENGINE_DB_DATABASE="${pathname.slice(1)}"`,
      ];
      const file = 'etc/ovirt-engine/engine.conf.d/10-setup-database.conf';
      host.write(`${host.root}/${file}`, lines.join('\n'));
      const { stderr } = await host.shim(['pg-dump-args']);
      expect(stderr).toBe("engine-backup-shim: the engine's database has no table async_tasks\n");
    } finally {
      await engine.drop();
    }
  });

  it('warns of invalid settings and continues', async () => {
    host.write(host.paths.configuration, 'BROKER_URL=http://x\nKEEP_ENGINE_NOTICE=perhaps\nfoo\n');
    const { code, stdout, stderr } = await host.shim(['pg-dump-args']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: NINE_OPTIONS });
    expect(stderr).toContain('BROKER_URL: expected amqp://HOST');
    expect(stderr).toContain('KEEP_ENGINE_NOTICE: expected yes or no, got "perhaps"');
    expect(stderr).toContain('line 3: expected KEY=VALUE; valid settings: BROKER_URL');
  });
});
