import { createToken, logReports } from '@backup-awareness/database';
import { httpAdapter } from '@backup-awareness/service';
import {
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  exampleReport,
  type TcpProxy,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { Logger, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ConsoleConfiguration } from '../console-configuration.js';
import { ConsoleModule } from '../console.module.js';

export interface ServedConsole {
  readonly url: string;
  readonly database: TestDatabase;
  readonly broker: TestBroker;
  /** Between the console and the broker. */
  readonly proxy: TcpProxy;
  readonly operator: string;
  readonly viewer: string;
  /** Asks the API, as the operator unless another token is given. */
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>;
}

export interface AskOptions {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: ReturnType<typeof JSON.parse>;
}

interface UseOptions {
  /** The folder of a built page. */
  readonly page?: string;
  readonly configure?: () => Partial<ConsoleConfiguration> | Promise<Partial<ConsoleConfiguration>>;
}

/** Gives all tests of a file one console, with a database and a broker of its own, as its own role and user. */
export function useConsole(
  onServed: (served: ServedConsole) => void,
  { page = 'none', configure = () => ({}) }: UseOptions = {},
): void {
  let app: INestApplication | undefined;
  let database: TestDatabase | undefined;
  let broker: TestBroker | undefined;
  let proxy: TcpProxy | undefined;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    [database, broker] = await Promise.all([createTestDatabase(), createTestBroker()]);
    proxy = await createTcpProxy(broker.amqpUrl);
    const create = async (name: string, role: string) =>
      (await createToken(database!.owner, { name, role, who: 'spec' })).secret;
    const given = await configure();
    const port = given.HTTP_PORT ?? 0;
    app = await NestFactory.create(
      ConsoleModule.configured(
        {
          DATABASE_URL: database.urls.console,
          AMQP_URL: proxy.urlThrough(broker.urlOf('console')),
          REPLAY_AMQP_PASSWORD: new URL(broker.urlOf('replay')).password,
          HTTP_PORT: 0,
          HTTP_HOST: '127.0.0.1',
          LOG_LEVEL: 'silent',
          ...given,
        },
        page,
      ),
      httpAdapter(),
      { logger: false },
    );
    await app.listen(port, '127.0.0.1');
    const url = await app.getUrl();
    const operator = await create('operator', 'operator');
    onServed({
      url,
      database,
      broker,
      proxy,
      operator,
      viewer: await create('viewer', 'viewer'),
      ask: (method, path, options = {}) =>
        ask(`${url}${path}`, method, { token: operator, ...options }),
    });
  });
  afterAll(async () => {
    await app?.close();
    await proxy?.close();
    await Promise.all([database?.drop(), broker?.drop()]);
  });
}

async function ask(url: string, method: string, options: AskOptions): Promise<Answer> {
  const { token, body, headers } = options;
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(token != null && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json(;|$)/.test(
    response.headers.get('content-type')?.replace('x-ndjson', '') ?? '',
  );
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson && text !== '' ? JSON.parse(text) : undefined,
  };
}

/** A full backup of an engine that ended so many hours ago. */
export async function storeFullBackup(
  { owner }: TestDatabase,
  fqdn: string,
  hoursAgo: number,
): Promise<void> {
  await owner.query('INSERT INTO engine (fqdn) VALUES ($1) ON CONFLICT DO NOTHING', [fqdn]);
  const doneAt = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  await logReports(
    owner,
    ['db', 'files'].map((scope) => exampleReport({ fqdn, scope, doneAt })),
  );
}
