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
import { judgeSettings, pgDumpOptions } from './excludes.js';
import { brokerKeys, createEngineHost, type EngineHost } from '../../test/helpers/engine-host.js';
import { startIngest } from '../../test/helpers/ingest-process.js';

const NINE_OPTIONS = EXCLUDED_TABLES.map((table) => `--exclude-table-data=public.${table}\n`).join(
  '',
);

describe('an answer about the tables to leave out', () => {
  const answer = (tables: unknown, mode: unknown = 'data') =>
    JSON.stringify({ BackupExcludedTables: tables, BackupExcludeMode: mode });

  it('is taken where all its tables stand in the list of this host', () => {
    expect(judgeSettings(answer(['more', 'own', 'more'], 'table'), ['more', 'own'])).toEqual({
      BackupExcludedTables: ['more', 'own'],
      BackupExcludeMode: 'table',
    });
  });

  it('is taken with what else it says, which is not kept', () => {
    const settings = { BackupExcludedTables: ['own'], BackupExcludeMode: 'data' };
    const text = JSON.stringify({ ...settings, engines: ['engine.example.com'], more: {} });
    expect(judgeSettings(text, ['own'])).toEqual(settings);
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
  ])('is refused whole where a table is %j', (table) => {
    expect(() => judgeSettings(answer(['job', table]), EXCLUDED_TABLES)).toThrow(
      "refused: BackupExcludedTables: expected only tables of this host's list, got",
    );
  });

  it.each([
    ['one', EXCLUDED_TABLES.slice(1)],
    ['eight', EXCLUDED_TABLES.slice(8)],
    ['one, beside a table of this host,', [...EXCLUDED_TABLES.slice(1), 'own']],
  ])(
    'is refused whole where %s of the nine tables is missing, since they go together',
    (_, tables) => {
      expect(() => judgeSettings(answer(tables), [...EXCLUDED_TABLES, 'own'])).toThrow(
        /^refused: BackupExcludedTables: expected all or none of async_tasks/,
      );
    },
  );

  it.each([
    ['the reason why it is none', '{"error":"BackupExcludeMode: expected data or table"}'],
    ['no JSON', 'job'],
    ['no object', '"job"'],
    ['null', 'null'],
    ['no tables', answer(undefined)],
    ['a text of tables', answer('job')],
    ['an empty list', answer([])],
    ['another mode', answer(['job'], 'all')],
    ['a mode that is an option', answer(['job'], 'data --schema-only')],
  ])('is refused where it is %s', (_, text) => {
    expect(() => judgeSettings(text, EXCLUDED_TABLES)).toThrow(/^refused: /);
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

  it('prints what the administrator has set, and keeps it', async () => {
    host.configure({ ...brokerKeys(broker.amqpUrl), EXCLUDABLE_TABLES: 'mine, more' });
    await set('BackupExcludedTables', 'mine,more');
    await set('BackupExcludeMode', 'table');
    const options = '--exclude-table=public.mine\n--exclude-table=public.more\n';
    expect(await host.shim(['pg-dump-args'])).toMatchObject({
      code: 0,
      stdout: options,
      stderr:
        'engine-backup-shim: BackupExcludeMode is table: engine-backup --mode=restore will fail on an archive that is made so\n',
    });
    host.configure({ BROKER_URL: 'amqp://127.0.0.1:1', EXCLUDABLE_TABLES: 'mine, more' });
    const { code, stdout, stderr } = await host.shim(['pg-dump-args']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: options });
    expect(stderr).toContain('no broker listens there');
  });

  it('refuses a table that is not in the list of this host, says so, and leaves out the nine', async () => {
    await set('BackupExcludedTables', [...EXCLUDED_TABLES, 'vm_static'].join(','));
    const { code, stdout, stderr } = await host.shim(['pg-dump-args']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: NINE_OPTIONS });
    expect(stderr).toMatch(/refused: .* expected only tables of this host's list, got "vm_static"/);
  });

  it('takes a table that root has put into the list', async () => {
    await set('BackupExcludedTables', 'others,audit_rows');
    host.configure({ ...brokerKeys(broker.amqpUrl), EXCLUDABLE_TABLES: 'others, audit_rows' });
    expect((await host.shim(['excluded-tables'])).stdout).toBe('others\naudit_rows\n');
  });

  it.each([
    ['the host refuses it', [...EXCLUDED_TABLES, 'vm_static'].join(',')],
    ['ingest refuses what is stored', 'job'],
  ])('does not go back to the kept answer where there is a fresh one and %s', async (_, tables) => {
    await set('BackupExcludeMode', 'table');
    expect((await host.shim(['pg-dump-args'])).stdout).toContain('--exclude-table=public.job\n');
    await set('BackupExcludeMode', 'data');
    await set('BackupExcludedTables', tables);
    const { stdout, stderr } = await host.shim(['pg-dump-args']);
    expect(stdout).toBe(NINE_OPTIONS);
    expect(stderr).toContain('answer: refused');
  });

  it('does not believe a kept answer more than a fresh one', async () => {
    host.configure({});
    host.write(
      host.paths.settings,
      '{"BackupExcludedTables":["vm_static"],"BackupExcludeMode":"data"}',
    );
    const { stdout, stderr } = await host.shim(['pg-dump-args']);
    expect(stdout).toBe(NINE_OPTIONS);
    expect(stderr).toContain('kept answer: refused');
  });

  it.each([
    ['the broker hangs', 'hang', /did not answer in time/],
    ['the broker is away', 'refuse', /cannot connect|ECONNRESET|Socket closed/],
  ] as const)('leaves out the nine where %s', async (_, trouble, reason) => {
    const proxy = await createTcpProxy(broker.amqpUrl);
    try {
      proxy[trouble]();
      host.configure(brokerKeys(proxy.urlThrough(broker.amqpUrl)));
      const { code, stdout, stderr } = await host.shim(['pg-dump-args']);
      expect({ code, stdout }).toEqual({ code: 0, stdout: NINE_OPTIONS });
      expect(stderr).toMatch(reason);
    } finally {
      await proxy.close();
    }
  });

  it('leaves out the nine where nobody answers', async () => {
    const silent = await createTestBroker();
    try {
      host.configure(brokerKeys(silent.amqpUrl));
      const { stdout, stderr } = await host.shim(['pg-dump-args']);
      expect(stdout).toBe(NINE_OPTIONS);
      expect(stderr).toContain('nobody answered: is ingest running?');
    } finally {
      await silent.drop();
    }
  });

  it("warns of a name that is no table of the engine's database", async () => {
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

  it('reports wrong settings as they are and goes on', async () => {
    host.write(host.paths.configuration, 'BROKER_URL=http://x\nKEEP_ENGINE_NOTICE=perhaps\nfoo\n');
    const { code, stdout, stderr } = await host.shim(['pg-dump-args']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: NINE_OPTIONS });
    expect(stderr).toContain('BROKER_URL: expected amqp://HOST');
    expect(stderr).toContain('KEEP_ENGINE_NOTICE: expected yes or no, got "perhaps"');
    expect(stderr).toContain('line 3: expected KEY=VALUE with one of the keys BROKER_URL');
  });
});
