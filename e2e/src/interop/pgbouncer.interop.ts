import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  compiledProgram,
  eventually,
  freePort,
  runPgbouncer,
  userEnvironment,
  type RunningPgbouncer,
} from '@backup-awareness/testing';
import { startProduct, type ProductOnTestServers } from '../product.js';

const PATIENCE_MS = 90_000;

describe('PgBouncer in transaction mode before the database', () => {
  let product: ProductOnTestServers;
  let pooler: RunningPgbouncer;
  const replicas: ChildProcess[] = [];

  beforeAll(async () => {
    product = await startProduct();
    const { database } = product;
    const { port } = new URL(database.ownerUrl);
    const urls = [
      database.ownerUrl,
      product.endpoints().readerDatabaseUrl,
      ...SERVICES.map((name) => environmentOf(name)['DATABASE_URL']!),
    ];
    pooler = await runPgbouncer(port, urls);
  }, 300_000);
  afterAll(async () => {
    for (const one of replicas) {
      one.kill('SIGTERM');
      await once(one, 'exit');
    }
    await pooler?.stop();
    await product?.stop();
  }, 60_000);

  const SERVICES = ['ingest', 'freshness-checker', 'audit'];

  /** The environment of a running service. */
  function environmentOf(name: string): Record<string, string> {
    const { pid } = product.endpoints().services[name]!;
    const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
    return Object.fromEntries(
      variables.map((text) => [
        text.slice(0, text.indexOf('=')),
        text.slice(text.indexOf('=') + 1),
      ]),
    );
  }

  /** Starts a second replica of a service, through PgBouncer; resolves when it is ready. */
  async function startReplica(name: string): Promise<void> {
    const environment = environmentOf(name);
    const port = await freePort();
    const DATABASE_URL = pooler.urlThrough(environment['DATABASE_URL']!);
    replicas.push(
      spawn(process.execPath, [compiledProgram(name)], {
        env: { ...environment, DATABASE_URL, HTTP_PORT: String(port) },
        stdio: 'ignore',
      }),
    );
    await eventually(async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect({ status: answer.status, body: await answer.text() }).toMatchObject({ status: 200 });
    }, PATIENCE_MS);
  }

  const cli = (url: string, ...args: string[]) =>
    spawnSync(process.execPath, [compiledProgram('cli'), ...args], {
      encoding: 'utf8',
      env: {
        ...userEnvironment(),
        DATABASE_URL: pooler.urlThrough(url),
        INGEST_DATABASE_PASSWORD: 'ingest',
        CHECKER_DATABASE_PASSWORD: 'checker',
        AUDIT_DATABASE_PASSWORD: 'audit',
      },
    });

  it('serves all services, and no connection of it is left listening', async () => {
    for (const name of SERVICES) await startReplica(name);
    const listening = await product.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
    );
    // That of the checker with a connection of its own.
    expect(listening).toEqual([{ count: 1 }]);
    await product.reportFullBackup('pooled.example.com');
    await eventually(async () => {
      const rows = await product.query(`SELECT FROM engine_last_success WHERE fqdn LIKE 'pooled%'`);
      expect(rows).toHaveLength(2);
    }, PATIENCE_MS);
    expect(pooler.output()).not.toContain('when not linked');
  }, 300_000);

  it('serves the read-only commands', () => {
    const { status, stdout, stderr } = cli(
      product.endpoints().readerDatabaseUrl,
      ...['engines', 'list', '--json'],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('pooled.example.com');
  });

  it.each([
    ['database', 'apply'],
    ['alerts', 'list'],
  ])('does not serve the owner: %s %s says what to do', (...args) => {
    const { status, stderr } = cli(product.database.ownerUrl, ...args);
    expect(stderr).toMatch(
      /a connection pooler is in the way, and new sessions have .+: set DATABASE_URL to the database server itself/,
    );
    expect(status).not.toBe(0);
  });
});
