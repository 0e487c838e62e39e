import { createToken, logReports } from '@backup-awareness/database';
import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import { Logger, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ConsoleModule } from '../console.module.js';

export interface ServedConsole {
  readonly url: string;
  readonly database: TestDatabase;
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

/** Gives all tests of a file one console, with a database of its own and its role. */
export function useConsole(onServed: (served: ServedConsole) => void): void {
  let app: INestApplication | undefined;
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    const create = async (name: string, role: string) =>
      (await createToken(database!.owner, { name, role, who: 'spec' })).secret;
    app = await NestFactory.create(
      ConsoleModule.configured({
        DATABASE_URL: database.urls.console,
        DATABASE_CA: undefined,
        HTTP_PORT: 0,
        HTTP_HOST: '127.0.0.1',
        LOG_LEVEL: 'silent',
        CONSOLE_URL: undefined,
      }),
      new FastifyAdapter({ forceCloseConnections: true }),
      { logger: false },
    );
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const operator = await create('operator', 'operator');
    onServed({
      url,
      database,
      operator,
      viewer: await create('viewer', 'viewer'),
      ask: (method, path, options = {}) =>
        ask(`${url}${path}`, method, { token: operator, ...options }),
    });
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
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
