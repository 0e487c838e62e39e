import 'reflect-metadata';
import { gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { readConfiguration } from '@backup-awareness/service';
import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { CHECKER_VARIABLES } from './checker-configuration.js';
import { FreshnessCheckerModule } from './freshness-checker.module.js';
import { seriesOf } from './spec/series-of.js';

let broker: TestBroker;
let database: TestDatabase;
let apps: INestApplication[];
beforeAll(async () => {
  broker = await createTestBroker();
});
afterAll(() => broker?.drop());
beforeEach(async () => {
  apps = [];
  database = await createTestDatabase();
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await database.drop();
});

/** Starts a checker. @returns its address */
async function checker(given: Record<string, string> = {}): Promise<string> {
  const configuration = readConfiguration(CHECKER_VARIABLES, {
    AMQP_URL: broker.urlOf('freshness-checker'),
    DATABASE_URL: database.urls.checker,
    ACTIVE_ALERTS_AMQP_URL: broker.urlOf('active-alerts'),
    HTTP_PORT: '0',
    ...given,
  });
  const app = await NestFactory.create(
    FreshnessCheckerModule.configured(configuration),
    new FastifyAdapter(),
    { logger: false },
  );
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}

/** Starts a checker that is the leader. */
async function leader(given?: Record<string, string>): Promise<string> {
  const url = await checker(given);
  await eventually(async () => expect(await own(url)).toHaveProperty('leader', 1));
  return url;
}

const monitored = (fqdn: string) =>
  database.owner.query('INSERT INTO engine (fqdn) VALUES ($1)', [fqdn]);
const backup = (fqdn: string, scope: string, hoursAgo: number) =>
  database.owner.query(
    `INSERT INTO engine_backup_log
       (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
     SELECT $1, gen_random_uuid()::text, $2, at, true, '', '', at, at
     FROM (SELECT now() - $3 * interval '1 hour' AS at) report`,
    [fqdn, scope, hoursAgo],
  );

const own = async (url: string) => seriesOf(await (await fetch(`${url}/metrics`)).text());
const engines = (url: string) => fetch(`${url}/metrics/engines`);
const engineSeries = async (url: string) => seriesOf(await (await engines(url)).text());
const hoursAgo = (hours: number) => Date.now() / 1_000 - hours * 3_600;

describe('the metrics of each engine', () => {
  it('tell its backups, its period and its alerts', async () => {
    await monitored('old.example.com');
    await backup('old.example.com', 'db', 25);
    await backup('old.example.com', 'files', 1);
    await backup('old.example.com', 'dwhdb', 2);
    await database.owner.query('UPDATE engine SET alert_period_days = 0.5');
    await monitored('none.example.com');
    const url = await leader();
    await eventually(async () => {
      const series = await engineSeries(url);
      const last = 'engine_last_success_timestamp_seconds{fqdn="old.example.com"';
      expect(series).toEqual({
        'engine_last_full_backup_timestamp_seconds{fqdn="old.example.com"}': expect.any(Number),
        [`${last},scope="db"}`]: expect.any(Number),
        [`${last},scope="dwhdb"}`]: expect.any(Number),
        [`${last},scope="files"}`]: expect.any(Number),
        'engine_alert_period_seconds{fqdn="none.example.com"}': 86_400,
        'engine_alert_period_seconds{fqdn="old.example.com"}': 43_200,
        'engine_alert_active{fqdn="none.example.com",alert="ENGINE_NO_FULL_BACKUP"}': 1,
        'engine_alert_active{fqdn="old.example.com",alert="ENGINE_NO_WARM_BACKUP"}': 1,
      });
      const at = series['engine_last_full_backup_timestamp_seconds{fqdn="old.example.com"}'];
      expect(at).toBe(series[`${last},scope="db"}`]);
      expect(Math.abs(at! - hoursAgo(25))).toBeLessThan(600);
    });
  });

  it('have no instant of a backup whose age is unknown', async () => {
    await monitored('ahead.example.com');
    await backup('ahead.example.com', 'db', -2);
    await backup('ahead.example.com', 'files', 1);
    expect(Object.keys(await engineSeries(await leader()))).toEqual([
      'engine_last_success_timestamp_seconds{fqdn="ahead.example.com",scope="files"}',
      'engine_alert_period_seconds{fqdn="ahead.example.com"}',
    ]);
  });

  it('end when it is retired', async () => {
    await monitored('gone.example.com');
    await backup('gone.example.com', 'db', 1);
    const url = await leader();
    expect(Object.keys(await engineSeries(url))).toHaveLength(2);
    await database.owner.query('UPDATE engine SET retired_at = now(), version = version + 1');
    expect(await (await engines(url)).text()).toBe('');
  });

  it('are compressed for a client that accepts that, and only then', async () => {
    await monitored('one.example.com');
    const url = await leader();
    const text = await (await engines(url)).text();
    const compressed = await raw(url, { 'accept-encoding': 'gzip' });
    expect(compressed.encoding).toBe('gzip');
    expect(gunzipSync(compressed.body).toString()).toBe(text);
    const plain = await raw(url, {});
    expect(plain.encoding).toBeUndefined();
    expect(plain.body.toString()).toBe(text);
  });

  it('of more than 1,000 engines are a comment that names the setting, unless that is on', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn) SELECT 'engine-' || i || '.example.com' FROM generate_series(1, 1001) i`,
    );
    const off = await engines(await leader());
    expect(off.status).toBe(200);
    expect(await off.text()).toBe(
      '# 1001 engines are more than 1000: set ENGINE_METRICS=on for metrics of each of them\n',
    );
    await apps.pop()!.close();
    const series = await engineSeries(await leader({ ENGINE_METRICS: 'on' }));
    expect(
      Object.keys(series).filter((name) => name.startsWith('engine_alert_period')),
    ).toHaveLength(1_001);
  });
});

describe('several checkers', () => {
  it('tell the fleet once: the standby nothing but that it is one', async () => {
    const first = await leader();
    const second = await checker();
    await monitored('one.example.com');
    expect(await own(second)).toHaveProperty('leader', 0);
    expect(namesOf(await own(second))).not.toContain('engines');
    expect((await engines(second)).status).toBe(204);
    expect(namesOf(await own(first))).toContain('engines');

    await apps.shift()!.close();
    await eventually(async () => expect(namesOf(await own(second))).toContain('engines'), 10_000);
    expect((await engines(second)).status).toBe(200);
  });

  it('tell nothing of the fleet any more once another one has the lease', async () => {
    const url = await leader();
    await eventually(async () =>
      expect(namesOf(await own(url))).toContain('last_check_duration_seconds'),
    );
    await database.owner.query(
      `UPDATE checker_lease SET holder = 'another', epoch = epoch + 1, expires_at = now() + interval '1 hour'`,
    );
    await eventually(async () => expect(await own(url)).toHaveProperty('leader', 0));
    expect((await engines(url)).status).toBe(204);
    for (const name of ['engines', 'last_check_timestamp_seconds', 'last_check_duration_seconds'])
      expect(namesOf(await own(url))).not.toContain(name);
  });
});

it('refuses another value of ENGINE_METRICS', () => {
  const environment = {
    AMQP_URL: 'amqp://a:b@c/%2F',
    DATABASE_URL: 'postgres://a:b@c/d',
    ACTIVE_ALERTS_AMQP_URL: broker.urlOf('active-alerts'),
    HTTP_PORT: '0',
    ENGINE_METRICS: 'yes',
  };
  expect(() => readConfiguration(CHECKER_VARIABLES, environment)).toThrow(
    'ENGINE_METRICS: expected auto (up to 1000 engines) or on, got "yes"',
  );
});

const namesOf = (series: Record<string, number>) =>
  Object.keys(series).map((name) => name.replace(/\{.*/, ''));

/** The answer as it comes: fetch decompresses it. */
function raw(
  url: string,
  headers: Record<string, string>,
): Promise<{ encoding: string | undefined; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(`${url}/metrics/engines`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          encoding: response.headers['content-encoding'],
          body: Buffer.concat(chunks),
        }),
      );
    })
      .on('error', reject)
      .end();
  });
}
