import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  disposeRunDirectory,
  openTemporaryRunDirectory,
} from '../run-directory/temporary-run-directory.js';
import { startPostgresql, type Postgresql } from './postgresql.js';
import { openRunDirectory, type RunDirectory } from '../run-directory/run-directory.js';

const isRoot = process.getuid?.() === 0;

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

describe('a private PostgreSQL', () => {
  let runDirectory: RunDirectory;
  let postgresql: Postgresql;
  beforeAll(async () => {
    runDirectory = await openTemporaryRunDirectory();
    postgresql = await startPostgresql(runDirectory);
  }, 60_000);
  afterAll(async () => {
    await disposeRunDirectory(runDirectory);
  }, 60_000);

  it('has a database of its own, whose owner may create databases and roles', async () => {
    const { databaseUrl } = postgresql;
    expect(await query(databaseUrl, 'SELECT current_database(), current_user')).toEqual([
      'backup_awareness',
      'backup_awareness',
    ]);
    await query(databaseUrl, 'CREATE DATABASE another');
    await query(databaseUrl, 'CREATE ROLE another');
    expect(await query(databaseUrl, 'SHOW server_encoding')).toEqual(['UTF8']);
  });

  it('listens on loopback only, and requires a password', async () => {
    expect(await query(postgresql.databaseUrl, 'SHOW listen_addresses')).toEqual(['127.0.0.1']);
    const wrong = new URL(postgresql.databaseUrl);
    wrong.password = 'wrong';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    const methods = 'SELECT DISTINCT auth_method FROM pg_hba_file_rules';
    expect(await query(postgresql.databaseUrl, methods)).toEqual(['scram-sha-256']);
  });

  it.each(['postgres', 'template1'])('keeps the roles of services out of %s', async (name) => {
    await query(postgresql.databaseUrl, `CREATE ROLE of_${name} LOGIN PASSWORD 'x'`);
    const url = new URL(postgresql.databaseUrl);
    Object.assign(url, { pathname: `/${name}`, username: `of_${name}`, password: 'x' });
    await expect(query(url.href, 'SELECT 1')).rejects.toThrow('permission denied for database');
  });

  it('does not run as root, keeps its data private, and never shows its password', () => {
    const folder = realpathSync(join(runDirectory.path, 'postgresql'));
    const owner = statSync(join(folder, 'data')).uid;
    expect(owner === 0).toBe(false);
    expect(statSync(`/proc/${postgresql.pid}`).uid).toBe(owner);
    expect(statSync(join(folder, 'data')).mode & 0o077).toBe(0);
    expect(existsSync(join(folder, 'password'))).toBe(false);
    expect(lstatSync(join(runDirectory.path, 'postgresql')).isSymbolicLink()).toBe(isRoot);
    const password = runDirectory.password('databaseOwner');
    expect(execFileSync('ps', ['axww', '-o', 'args'], { encoding: 'utf8' })).not.toContain(
      password,
    );
    expect(readFileSync(`/proc/${postgresql.pid}/cmdline`, 'utf8')).not.toContain(password);
  });

  it('keeps data, address and password after a stop, a power cut and a crash', async () => {
    const { databaseUrl, port } = postgresql;
    await query(databaseUrl, 'CREATE TABLE kept AS SELECT 1 AS n');
    await postgresql.stop();
    expect(postgresql.pid).toBeUndefined();
    await postgresql.start();
    await query(databaseUrl, 'UPDATE kept SET n = 2');
    await postgresql.stop('immediate');
    await postgresql.start();
    await query(databaseUrl, 'UPDATE kept SET n = n + 1');
    postgresql.kill();
    expect(await postgresql.ended()).toBe('SIGKILL');
    await postgresql.start();
    expect(postgresql.port).toBe(port);
    expect(await query(databaseUrl, 'SELECT n FROM kept')).toEqual([3]);
  }, 60_000);

  it('starts although another process now has its old pid', async () => {
    await postgresql.stop();
    const data = join(realpathSync(join(runDirectory.path, 'postgresql')), 'data');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(data, 'postmaster.pid'), `${process.pid}\n${data}\n`);
    await postgresql.start();
    expect(await query(postgresql.databaseUrl, 'SELECT 1')).toEqual([1]);
  }, 60_000);

  it('stops in the middle of its first start on request', async () => {
    const path = `${runDirectory.path}-stopped`;
    const other = await openRunDirectory(path, { temporary: true });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 150);
    await expect(startPostgresql(other, { signal: stop.signal })).rejects.toThrow();
    expect(other.processes.running()).toEqual([]);
    const later = await startPostgresql(other);
    expect(await query(later.databaseUrl, 'SELECT 1')).toEqual([1]);
    await disposeRunDirectory(other);
    expect(existsSync(path)).toBe(false);
  }, 60_000);
});
