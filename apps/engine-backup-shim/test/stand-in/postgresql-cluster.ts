import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const DEBIAN = '/usr/lib/postgresql';
const PASSWORD = 'a "password" with $(blanks)';

/** How to connect to the engine's database. */
export interface EngineDatabase {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly name: string;
}

/** A private server of the distribution's PostgreSQL, with pg_dump, pg_restore and psql of the same version. */
export interface PostgresqlCluster {
  /** The folder of its programs. */
  readonly programs: string;
  /** Of the postmaster. */
  readonly pid: number;
  /** Creates a database owned by the ordinary user `engine`, and runs these statements in it. */
  createDatabase(name: string, sql?: string): Promise<EngineDatabase>;
  query<Row extends pg.QueryResultRow>(database: string, sql: string): Promise<Row[]>;
  stop(): void;
}

/** @throws Error if the distribution's PostgreSQL is not installed, or with the errors of its programs */
export async function startPostgresqlCluster(): Promise<PostgresqlCluster> {
  const programs = newestPrograms();
  const folder = mkdtempSync(join(tmpdir(), 'backup-awareness-postgresql-'));
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  mkdirSync(data);
  writeFileSync(passwordFile, PASSWORD, { mode: 0o600 });
  const user = unprivilegedUser();
  if (user) for (const path of [folder, data, passwordFile]) chownSync(path, user.uid, user.gid);
  const run = (program: string, ...args: string[]) => {
    const options = {
      cwd: folder,
      encoding: 'utf8',
      env: { LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      ...user,
    } as const;
    const { status, stderr, error } = spawnSync(join(programs, program), args, {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (status !== 0)
      throw new Error(`${program} ended with ${status}: ${error?.message ?? stderr}`);
  };
  run(
    'initdb',
    '-D',
    data,
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '-N',
  );
  const port = await chooseFreePort();
  const settings = `-c listen_addresses=127.0.0.1 -c port=${port} -c fsync=off -c unix_socket_directories=''`;
  run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start');

  const query: PostgresqlCluster['query'] = async (database, sql) => {
    const client = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'postgres',
      password: PASSWORD,
      database,
    });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  };
  await query('postgres', `CREATE ROLE engine LOGIN PASSWORD ${pg.escapeLiteral(PASSWORD)}`);
  const pid = Number(
    (
      await query<{ pid: string }>(
        'postgres',
        "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1) AS pid",
      )
    )[0]!.pid,
  );
  return {
    programs,
    pid,
    query,
    createDatabase: async (name, sql) => {
      await query('postgres', `CREATE DATABASE ${name} OWNER engine TEMPLATE template0`);
      await query(name, `ALTER SCHEMA public OWNER TO engine; SET ROLE engine; ${sql ?? ''}`);
      return { host: '127.0.0.1', port, user: 'engine', password: PASSWORD, name };
    },
    stop: () => {
      run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function newestPrograms(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : [];
  const folders = versions
    .sort((a, b) => b - a)
    .map((version) => join(DEBIAN, String(version), 'bin'));
  const found = folders.find((folder) =>
    ['initdb', 'pg_dump', 'psql'].every((name) => existsSync(join(folder, name))),
  );
  if (found) return found;
  throw new Error(
    `no PostgreSQL server with its pg_dump below ${DEBIAN}: run these tests with npm run test:interop`,
  );
}

/** PostgreSQL refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (option: string) =>
    Number(spawnSync('id', [option, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

async function chooseFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
