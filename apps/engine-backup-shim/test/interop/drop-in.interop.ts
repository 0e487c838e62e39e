import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createEngineHost,
  quoted,
  readArchive,
  SHELLS,
  type EngineHost,
  type EngineHostOptions,
  type Shell,
} from '../stand-in/engine-host.js';
import {
  startPostgresqlCluster,
  type EngineDatabase,
  type PostgresqlCluster,
} from '../stand-in/postgresql-cluster.js';

const SHIM = fileURLToPath(new URL('../..', import.meta.url));
const SCHEMA = readFileSync(join(SHIM, 'test/stand-in/engine-database.sql'), 'utf8');
const NINE =
  'async_tasks async_tasks_entities job job_subject_entity step step_subject_entity command_entities command_assoc_entities business_entity_snapshot'.split(
    ' ',
  );

let cluster: PostgresqlCluster;
let engine: EngineDatabase;
let databases = 0;
const hosts: EngineHost[] = [];
beforeAll(async () => {
  cluster = await startPostgresqlCluster();
});
beforeEach(async () => {
  engine = await cluster.createDatabase(`engine_${databases++}`, SCHEMA);
});
afterEach(() => hosts.splice(0).forEach((host) => host.remove()));
afterAll(() => cluster?.stop());

const variables = (database: EngineDatabase): Record<string, string> => ({
  ENGINE_DB_HOST: database.host,
  ENGINE_DB_PORT: String(database.port),
  ENGINE_DB_USER: database.user,
  ENGINE_DB_PASSWORD: database.password,
  ENGINE_DB_DATABASE: database.name,
});

/** A host of that engine, whose engine-backup-shim answers with these options of pg_dump. */
function engineHost({
  answer = '',
  ...options
}: EngineHostOptions & { answer?: string } = {}): EngineHost {
  const host = createEngineHost({
    configuration: '',
    shim: `#!/bin/sh\ncase $1 in pg-dump-args) printf '%s' ${quoted(answer)} ;; esac\n`,
    path: `${cluster.programs}:${process.env.PATH}`,
    ...options,
    engine: { ...variables(engine), ...options.engine },
  });
  hosts.push(host);
  return host;
}

const excluding = (option: string) => NINE.map((table) => `${option}=public.${table}\n`).join('');
const countOf = async (database: EngineDatabase, table: string) =>
  Number(
    (await cluster.query<{ count: string }>(database.name, `SELECT count(*) FROM ${table}`))[0]!
      .count,
  );
const notices = (database: EngineDatabase) =>
  cluster.query(
    database.name,
    `SELECT scope, status, output_message, fqdn, log_path FROM notice ORDER BY status, scope`,
  );

describe.each(Object.keys(SHELLS) as Shell[])('a backup with a database, run by %s', (shell) => {
  it.each([
    [
      'all',
      [],
      '0 files db dwhdb cinderlib managedblock keycloak grafanadb',
      '1 files db dwhdb cinderlib managedblock keycloak grafanadb',
    ],
    ['db', [], '0 db', '1 db'],
    ['db', ['--db-compressor=gzip'], '0 db', '1 db'],
    ['files', [], '0 files', '1 files'],
  ])(
    'with --scope=%s %j is the same as without the drop-in, and oVirt gets the same notices',
    async (scope, args, ...reported) => {
      const withIt = engineHost({ shell });
      const log = `--log=${join(tmpdir(), `engine-backup-${process.pid}.log`)}`;
      const outcome = await withIt.run([`--scope=${scope}`, log, ...args]);
      expect(outcome).toMatchObject({ code: 0, stderr: '' });
      expect(outcome.stdout.match(/^Notifying engine$/gm)).toHaveLength(2);
      expect(withIt.reported()).toEqual(reported);
      const noticed = await notices(engine);
      await cluster.query(engine.name, 'TRUNCATE notice, engine_backup_log');

      const without = engineHost({ shell, dropIn: false });
      // Its output and its notices are identical.
      expect(await without.run([`--scope=${scope}`, log, ...args])).toEqual(outcome);
      expect(noticed).toEqual(await notices(engine));
      if (args.length === 0)
        expect(withoutNotices(readArchive(withIt.archive, cluster.programs))).toEqual(
          withoutNotices(readArchive(without.archive, cluster.programs)),
        );
    },
  );

  it('is reported as failed when the dump fails, and ends as without the drop-in', async () => {
    const programs = { pg_dump: `#!/bin/sh\necho 'pg_dump: error: no' >&2\nexit 1\n` };
    const withIt = engineHost({ shell, programs });
    const without = engineHost({ shell, programs, dropIn: false });
    expect(await withIt.run(['--scope=db'])).toEqual(await without.run(['--scope=db']));
    expect(withIt.reported()).toEqual(['0 db', '-1 db']);
    expect(withIt.records()[1]!.message.toString()).toBe(`cannot dump ${engine.name}`);
  });

  it('is not reported as completed for db when only another database was dumped', async () => {
    const dwh = {
      DWH_DB_HOST: engine.host,
      DWH_DB_PORT: String(engine.port),
      DWH_DB_USER: 'engine',
      DWH_DB_DATABASE: 'dwh',
    };
    await cluster.query('postgres', 'DROP DATABASE IF EXISTS dwh');
    await cluster.createDatabase(
      'dwh',
      'CREATE TABLE job (job_id int); INSERT INTO job VALUES (1)',
    );
    const answer = excluding('--exclude-table');
    const host = engineHost({ shell, answer, engine: { ...dwh, ENGINE_SERVICE: 'disabled' } });
    expect(await host.run(['--scope=db', '--scope=dwhdb'])).toMatchObject({ code: 0, stderr: '' });
    expect(host.reported()).toEqual(['0 db dwhdb', '-1 db', '1 dwhdb']);
    const archive = readArchive(host.archive, cluster.programs);
    expect(Object.keys(archive)).toEqual(['./db/dwh']);
    expect(archive['./db/dwh']).toContain('CREATE TABLE public.job');
  });

  it('stays completed when a notice to oVirt fails, which makes it fail without the drop-in', async () => {
    await cluster.query(
      engine.name,
      `ALTER TABLE notice ADD CONSTRAINT half_way CHECK (NOT (scope = 'db' AND status = 1))`,
    );
    const withIt = engineHost({ shell });
    expect(await withIt.run()).toMatchObject({ code: 0, stderr: '' });
    expect(withIt.reported().map((one) => one.split(' ')[0])).toEqual(['0', '1']);
    expect(withIt.readLog()).toContain(
      "cannot notify the engine's database of status 1; the backup continues",
    );
    expect(await engineHost({ shell, dropIn: false }).run()).toMatchObject({ code: 1 });
  });

  it('continues when the database hangs during a notice, or is unreachable', async () => {
    const configuration = 'ENGINE_NOTICE_TIMEOUT_S=1\n';
    process.kill(cluster.pid, 'SIGSTOP');
    try {
      const hung = engineHost({ shell, configuration });
      expect(await hung.run(['--scope=files'])).toMatchObject({ code: 0, stderr: '' });
      expect(hung.reported()).toEqual(['0 files', '1 files']);
    } finally {
      process.kill(cluster.pid, 'SIGCONT');
    }
    const away = engineHost({ shell, configuration, engine: { ENGINE_DB_PORT: '1' } });
    expect(await away.run(['--scope=files'])).toMatchObject({ code: 0, stderr: '' });
    expect(away.reported()).toEqual(['0 files', '1 files']);
  });

  it('sends oVirt a message unchanged, whatever it contains', async () => {
    const message = `it's "100%"; $(touch pwned) \\ \`id\`\nGröße'); DROP TABLE notice; --`;
    const host = engineHost({
      shell,
      dropIns: { '90-message.sh': `hash_files() { logdie ${quoted(message)}; }\n` },
    });
    expect(await host.run(['--scope=files'])).toMatchObject({ code: 1 });
    expect(await notices(engine)).toMatchObject([
      { status: -1, output_message: `engine-backup: ${message}, scope=files, log=${host.log}` },
      { status: 0, output_message: `engine-backup: Backup Started, scope=files, log=${host.log}` },
    ]);
  });

  it('sends oVirt no notice with KEEP_ENGINE_NOTICE=no', async () => {
    const host = engineHost({ shell, configuration: 'KEEP_ENGINE_NOTICE=no\n' });
    expect(await host.run()).toMatchObject({ code: 0, stderr: '' });
    expect(await notices(engine)).toEqual([]);
  });
});

describe.each(Object.keys(SHELLS) as Shell[])('a restore, run by %s', (shell) => {
  async function backUpAndRestore(answer: string) {
    const backup = engineHost({ shell, answer });
    expect(await backup.run(['--scope=db'])).toMatchObject({ code: 0, stderr: '' });
    const empty = await cluster.createDatabase(`restored_${databases++}`);
    const host = engineHost({ shell, engine: variables(empty) });
    const outcome = await host.run(['--mode=restore', `--file=${backup.archive}`]);
    expect(host.reported()).toEqual([]);
    expect(host.calls()).toEqual([]);
    return { empty, outcome, log: host.readLog() };
  }

  it('of a dump without the data of the nine tables is complete except for that data', async () => {
    const { empty, outcome } = await backUpAndRestore(excluding('--exclude-table-data'));
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    for (const table of NINE) expect([table, await countOf(empty, table)]).toEqual([table, 0]);
    expect(await countOf(empty, 'vm_static')).toBe(20);
    expect(await countOf(empty, 'running_vms')).toBe(0);
    expect(await countOf(empty, 'getjobbyjobid(1)')).toBe(0);
  });

  it('of a dump without the nine tables fails, since views and functions depend on them', async () => {
    const { empty, outcome, log } = await backUpAndRestore(excluding('--exclude-table'));
    expect(outcome).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('errors while restoring'),
    });
    expect(log).toMatch(/ERROR: +relation "public.job" does not exist/);
    expect(await countOf(empty, 'vm_static')).toBe(20);
    await expect(countOf(empty, 'running_vms')).rejects.toThrow('does not exist');
    await expect(countOf(empty, 'getjobbyjobid(1)')).rejects.toThrow('does not exist');
  });
});

describe('the spool', () => {
  it('has each record on disk before the backup continues, and syncs nothing else', async () => {
    const host = engineHost({ shell: 'dash', configuration: 'KEEP_ENGINE_NOTICE=no\n' });
    const program = join(host.root, 'usr/bin/engine-backup');
    const calls = join(host.root, 'calls.strace');
    const traced = [
      'fsync',
      'fdatasync',
      'sync',
      'syncfs',
      'sync_file_range',
      'rename',
      'renameat',
      'renameat2',
    ].join(',');
    const args = ['-f', '-y', '-s', '4096', '-o', calls, '-e', `trace=${traced}`, program];
    const { status } = spawnSync(
      'strace',
      [...args, '--mode=backup', '--scope=files', `--file=${host.archive}`, `--log=${host.log}`],
      { env: { PATH: process.env.PATH }, stdio: 'ignore' },
    );
    expect(status).toBe(0);
    const lines = readFileSync(calls, 'utf8')
      .split('\n')
      .filter((line) => /\d+ +\w+\(/.test(line));
    const names = host.records().map(({ name }) => name.replace('.report', ''));
    expect(names).toHaveLength(2);
    const { spool } = host.paths;
    const expected = names.flatMap((name) => [
      expect.stringMatching(new RegExp(`fsync\\(\\d+<${spool}/\\.${name}\\.new>\\) += 0`)),
      expect.stringMatching(
        new RegExp(`renameat2?\\(.*\\.${name}\\.new".*/${name}\\.report".* = 0`),
      ),
      expect.stringMatching(new RegExp(`fsync\\(\\d+<${spool}>\\) += 0`)),
    ]);
    expect(lines).toEqual(expected);
  });

  it('may be full without any effect on the backup', async () => {
    const host = engineHost({ shell: 'dash', configuration: 'KEEP_ENGINE_NOTICE=no\n' });
    const program = join(host.root, 'usr/bin/engine-backup');
    const run = `mount -t tmpfs -o size=4k,mode=700 none ${quoted(host.paths.spool)} && head -c 4096 /dev/zero >${quoted(join(host.paths.spool, 'full'))} &&
      ${quoted(program)} --mode=backup --scope=files --file=${quoted(host.archive)} --log=${quoted(host.log)} && find ${quoted(host.paths.spool)} -type f`;
    const unshare = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];
    const { status, stdout, stderr } = spawnSync('unshare', [...unshare, 'sh', '-c', run], {
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `- Files\nDone.\n${host.paths.spool}/full\n`,
      stderr: '',
    });
    expect(host.readLog()).toContain('cannot write to');
    expect(host.readLog()).toContain('is sent directly to the broker');
    expect(readArchive(host.archive, cluster.programs)).toHaveProperty(['./files']);
  });
});

it.each([
  'drop-in/50-backup-awareness.sh',
  'test/stand-in/engine-backup.sh',
  'test/stand-in/measure-notify.sh',
  'host-files/debian/postinst',
  'host-files/debian/prerm',
  'host-files/debian/postrm',
])('shellcheck accepts %s', (path) => {
  const { stdout, status } = spawnSync('shellcheck', [join(SHIM, path)], { encoding: 'utf8' });
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 });
});

/** Removes the rows that the runs themselves have added. */
function withoutNotices(archive: Record<string, string>): Record<string, string> {
  const cut = (text: string) =>
    text.replaceAll(/COPY public\.(notice|engine_backup_log) [^;]*;\n[^]*?\\\.\n/g, '');
  return Object.fromEntries(Object.entries(archive).map(([name, text]) => [name, cut(text)]));
}
