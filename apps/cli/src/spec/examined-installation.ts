import { logReports } from '@backup-awareness/database';
import {
  createTestBroker,
  createTestDatabase,
  exampleReport,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { connect, type ChannelModel, type Channel } from 'amqplib';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from './run-command.js';

export const FQDN = 'engine.example.com';

const QUEUES = ['ingest', 'audit', 'settings', 'active-alerts'].map(
  (name) => `backup-awareness.${name}`,
);
const ROLES = ['ingest', 'checker', 'audit', 'notifier', 'console', 'reader'] as const;
const USERS = [
  ...(['ingest', 'ingest-settings', 'freshness-checker'] as const),
  ...(['active-alerts', 'audit', 'replay', 'monitor'] as const),
];
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

export interface Check {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
  readonly remedy: string | null;
}

/** What `doctor --json` says. */
export interface Examined {
  readonly exitCode: number | null;
  readonly healthy: boolean;
  readonly checks: readonly Check[];
  /** By name. @throws if there is no such check */
  check(name: string): Check;
  /** The names of those that warn or fail. */
  readonly wrong: readonly string[];
}

/** A real broker and database in which all is well, found by `endpoints.json` and `secrets.json` as those of `npm start`. */
export interface ExaminedInstallation {
  readonly broker: TestBroker;
  readonly database: TestDatabase;
  readonly folder: string;
  readonly serviceUrl: string;
  /** What the services answer; the version null: none. */
  readonly services: { status: number; version: string | null };
  /** Replaces fields of endpoints.json. */
  point(changes: Readonly<Record<string, unknown>>): void;
  sql(statement: string, parameters?: readonly unknown[]): Promise<unknown>;
  /** Begins or ends consuming all queues, as the services do. */
  consume(): Promise<void>;
  stopConsuming(): Promise<void>;
  doctor(environment?: Readonly<Record<string, string>>): Promise<Examined>;
  /** Runs a command as an administrator would, in a shell. @throws if it fails */
  runRemedy(check: Check): Promise<void>;
  drop(): Promise<void>;
}

export async function createExaminedInstallation(): Promise<ExaminedInstallation> {
  const [broker, database] = await Promise.all([createTestBroker(), createTestDatabase()]);
  const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
  const services: ExaminedInstallation['services'] = { status: 200, version };
  const server = await serve(services);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const passwordOf = (of: string) => decodeURIComponent(new URL(of).password);
  const secrets = Object.fromEntries([
    ...ROLES.map((role) => [`databaseRole.${role}`, passwordOf(database.urls[role])]),
    ...USERS.map((user) => [`brokerUser.${user}`, passwordOf(broker.urlOf(user))]),
  ]) as Record<string, string>;
  writeFileSync(join(folder, 'secrets.json'), JSON.stringify(secrets));
  const endpoints = {
    databaseUrl: database.ownerUrl,
    amqpUrl: broker.amqpUrl,
    amqpManagementUrl: broker.managementUrl,
    readerDatabaseUrl: database.urls.reader,
    monitorAmqpUrl: broker.urlOf('monitor'),
    replayAmqpUrl: broker.urlOf('replay'),
    services: { ingest: { pid: 1, url }, audit: { pid: 2, url } },
  };
  const point = (changes: Readonly<Record<string, unknown>>) =>
    writeFileSync(join(folder, 'endpoints.json'), JSON.stringify({ ...endpoints, ...changes }));
  point({});
  const bin = linkCommand(folder);
  const sql = (statement: string, parameters: readonly unknown[] = []) =>
    database.owner.query(statement, [...parameters]);
  await sql('UPDATE checker_state SET last_check_at = now(), latest_now_at = now()');
  await sql('INSERT INTO engine (fqdn) VALUES ($1)', [FQDN]);
  const doneAt = new Date().toISOString();
  await logReports(
    database.owner,
    ['db', 'files'].map((scope) => exampleReport({ fqdn: FQDN, scope, doneAt })),
  );

  let consuming: { connection: ChannelModel; channel: Channel } | undefined;
  const stopConsuming = async () => {
    await consuming?.connection.close();
    consuming = undefined;
  };
  const consume = async () => {
    await stopConsuming();
    const connection = await connect(broker.amqpUrl);
    connection.on('error', () => undefined);
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    for (const queue of QUEUES)
      await channel.consume(queue, (message) => message && channel.ack(message));
    consuming = { connection, channel };
  };
  await consume();

  const allPasswords = [
    ...Object.values(secrets),
    ...[database.ownerUrl, broker.amqpUrl].map(passwordOf),
  ];
  return {
    broker,
    database,
    folder,
    serviceUrl: url,
    services,
    point,
    sql,
    consume,
    stopConsuming,
    doctor: async (environment = {}) => {
      const args = ['doctor', '--json'];
      const { exitCode, stdout, stderr } = await runCommand(args, {
        RUN_DIR: folder,
        ...environment,
      });
      if (stderr !== '') throw new Error(stderr);
      for (const password of allPasswords)
        if (stdout.includes(password)) throw new Error(`a password is shown: ${stdout}`);
      const { healthy, checks } = JSON.parse(stdout) as Pick<Examined, 'healthy' | 'checks'>;
      return {
        exitCode,
        healthy,
        checks,
        check: (name) => checks.find((one) => one.name === name)!,
        wrong: checks
          .filter(({ state }) => state === 'failed' || state === 'warning')
          .map(({ name }) => name),
      };
    },
    runRemedy: async ({ remedy }) => {
      const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, TZ: 'UTC', RUN_DIR: folder };
      await promisify(execFile)('sh', ['-c', remedy ?? 'exit 1'], { cwd: folder, env });
    },
    drop: async () => {
      await stopConsuming();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await database.drop();
      await broker.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serve(services: ExaminedInstallation['services']): Promise<Server> {
  const server = createServer((request, response) => {
    const isLive = request.url === '/health/live';
    const { status, version: own } = services;
    response
      .writeHead(isLive ? 200 : status)
      .end(
        JSON.stringify(
          isLive
            ? { status: 'live', ...(own === null ? {} : { version: own }) }
            : { checks: { database: status === 200 ? 'ok' : 'the database is read-only' } },
        ),
      );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return server;
}

/** A folder with the built command, as npm links it. */
function linkCommand(folder: string): string {
  const bin = join(folder, 'bin');
  const command = resolve('bin/backup-awareness.js');
  mkdirSync(bin);
  symlinkSync(command, join(bin, 'backup-awareness'));
  return bin;
}
