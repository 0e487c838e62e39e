import 'reflect-metadata';
import {
  createTcpProxy,
  createTestDatabase,
  eventually,
  type TestDatabase,
} from '@backup-awareness/testing';
import { readConfiguration } from '@backup-awareness/service';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { PostableAlert } from './alertmanager/postable-alerts.js';
import { NOTIFIER_VARIABLES } from './notifier-configuration.js';
import { NotifierModule } from './notifier.module.js';
import { alertsIn } from './spec/alerts-in-database.js';
import { answeringServer, type AnsweringServer } from './spec/answering-server.js';
import { MINUTE_MS } from './spec/example-alert.js';

const log: string[] = [];
const note = (message: unknown) => log.push(String(message));
let database: TestDatabase;
let server: AnsweringServer;
let apps: INestApplication[];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  log.length = 0;
  apps = [];
  await alertsIn(database).reset();
  server = await answeringServer();
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  await server.close();
});

/** @returns the address of a running service */
async function run(given: Record<string, string>): Promise<string> {
  const environment = { DATABASE_URL: database.urls.notifier, HTTP_PORT: '0', ...given };
  const configuration = readConfiguration(NOTIFIER_VARIABLES, environment);
  const app = await NestFactory.create(
    NotifierModule.configured(configuration),
    new FastifyAdapter(),
    { logger: { log: note, warn: note, error: note } },
  );
  apps.push(app);
  await app.listen(0, '127.0.0.1');
  return app.getUrl();
}
const told = () =>
  server.received
    .filter(({ path }) => path === '/api/v2/alerts')
    .flatMap(({ body }) => JSON.parse(body) as PostableAlert[]);
const hooks = () => server.received.filter(({ path }) => path === '/hook');

describe('the notifier', () => {
  it('is ready without destinations, and logs that there are none', async () => {
    const url = await run({});
    const ready = await fetch(`${url}/health/ready`);
    expect(await ready.json()).toEqual({ status: 'ready', checks: { database: 'ok' } });
    expect(log).toContain('no destination is configured: no notifications are sent');
  });

  it('notifies every destination of an alert that is raised while it runs, and counts it', async () => {
    const url = await run({ ALERTMANAGER_URLS: server.url, WEBHOOK_URL: `${server.url}/hook` });
    await eventually(() => expect(server.received.length).toBeGreaterThan(0));
    await alertsIn(database).raise({ at: Date.now() - MINUTE_MS });
    await eventually(() => {
      expect(told()).toContainEqual(
        expect.objectContaining({
          labels: expect.objectContaining({ alertname: 'EngineNoFullBackup' }),
        }),
      );
      expect(hooks()).toHaveLength(1);
    });
    await eventually(async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain(
        'backup_awareness_notifications_total{destination="webhook",outcome="told"} 1',
      );
      expect(metrics).toMatch(
        /backup_awareness_notification_last_success_timestamp_seconds\{destination="alertmanager 127\.0\.0\.1:\d+"\} \d/,
      );
    });
  });

  it('has counters of 0 from the beginning, and before the first success only since when it fails', async () => {
    server.answer({ status: 503 });
    const url = await run({ ALERTMANAGER_URLS: server.url });
    await eventually(() => expect(server.received.length).toBeGreaterThan(0));
    const metrics = await eventually(async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      expect(text).toMatch(
        /notification_failing_since_timestamp_seconds\{destination="[^"]+"\} \d/,
      );
      return text;
    });
    expect(metrics).toMatch(
      /notifications_total\{destination="alertmanager 127[^"]+",outcome="given_up"\} 0/,
    );
    expect(metrics).not.toContain('backup_awareness_notification_last_success');
  });

  it('tells the last success of a replica before it, but of no destination that is no longer configured', async () => {
    const given = { WEBHOOK_URL: `${server.url}/hook` };
    await run({ ...given, ALERTMANAGER_URLS: server.url });
    await alertsIn(database).raise({ at: Date.now() });
    const remembered = () =>
      database.owner.query(
        'SELECT count(*)::int AS n FROM notification_destination WHERE last_success_at IS NOT NULL',
      );
    await eventually(async () => expect(await remembered()).toEqual([{ n: 2 }]));
    await apps.pop()!.close();
    const url = await run(given);
    await eventually(async () => {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      const series = metrics.matchAll(/last_success_timestamp_seconds\{destination="([^"]+)"\}/g);
      expect([...series].map(([, destination]) => destination)).toEqual(['webhook']);
    });
  });

  it('has the health of a destination whose rounds fail before anything is sent, until they no longer do', async () => {
    const failing = () =>
      database.owner.query(
        `SELECT destination, last_error FROM notification_destination WHERE failing_since IS NOT NULL`,
      );
    await run({ WEBHOOK_URL: `${server.url}/hook` });
    await eventually(async () =>
      expect(await database.owner.query('SELECT FROM notification_destination')).toHaveLength(1),
    );
    await database.owner.query(
      'ALTER TABLE notification ADD CONSTRAINT nothing_goes_in CHECK (false) NOT VALID',
    );
    try {
      await alertsIn(database).raise({ at: Date.now() - MINUTE_MS, isAuditBehind: true });
      await eventually(async () =>
        expect(await failing()).toEqual([
          { destination: 'webhook', last_error: expect.stringContaining('nothing_goes_in') },
        ]),
      );
    } finally {
      await database.owner.query('TRUNCATE alert');
      await database.owner.query('ALTER TABLE notification DROP CONSTRAINT nothing_goes_in');
    }
    await eventually(async () => expect(await failing()).toEqual([]));
    expect(server.received).toEqual([]);
  });

  const seen = async (): Promise<string[]> => {
    const rows: { destination: string }[] = await database.owner.query(
      `SELECT destination FROM notification_destination WHERE seen_at > now() - interval '1 minute' ORDER BY 1`,
    );
    return rows.map(({ destination }) => destination);
  };

  it('records, again and again, that it serves each destination, also one that has nothing to send', async () => {
    const smtp = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@b', MAIL_TO: 'a@b' };
    const services = { SERVICE_URLS: 'ingest=http://127.0.0.1:1' };
    const { url } = server;
    await run({ ...smtp, ...services, WEBHOOK_URL: url, HEARTBEAT_URL: url });
    const isSeen = async () =>
      expect(await seen()).toEqual(['digest', 'heartbeat', 'mail', 'webhook']);
    await eventually(isSeen);
    await database.owner.query(
      `UPDATE notification_destination SET seen_at = seen_at - interval '1 hour'`,
    );
    await eventually(isSeen, 60_000);
  });

  it.each([
    ['with others', { WEBHOOK_URL: 'http://127.0.0.1:1' }],
    ['with none', {}],
  ])(
    'forgets a destination that no notifier has served for seven days, and keeps that of another one that has failed, %s',
    async (_, given) => {
      await database.owner.query(
        `INSERT INTO notification_destination (destination, seen_at)
       VALUES ('old', now() - interval '8 days'), ('of another notifier', now() - interval '6 days')`,
      );
      await run(given);
      await eventually(async () =>
        expect(
          await database.owner.query(
            `SELECT destination FROM notification_destination WHERE destination <> 'webhook'`,
          ),
        ).toEqual([{ destination: 'of another notifier' }]),
      );
    },
  );

  it('notifies a webhook of what is active after its URL has changed, and only then', async () => {
    await alertsIn(database).raise({ at: Date.now() - MINUTE_MS });
    await run({ WEBHOOK_URL: `${server.url}/hook` });
    await eventually(() => expect(hooks()).toHaveLength(1));
    const isSettled = async () =>
      expect(
        await database.owner.query('SELECT FROM notification WHERE settled_at IS NULL'),
      ).toEqual([]);
    await eventually(isSettled);
    await apps.pop()!.close();
    const again = { WEBHOOK_URL: `${server.url}/hook`, ALERTMANAGER_URLS: server.url };
    await run(again);
    await eventually(() => expect(told().length).toBeGreaterThan(0));
    await apps.pop()!.close();
    await run({ WEBHOOK_URL: `${server.url}/other` });
    const hooked = () =>
      server.received.map(({ path }) => path).filter((one) => !one.includes('api'));
    await eventually(() => expect(hooked()).toContain('/other'));
    expect(hooked()).toEqual(['/hook', '/other']);
  });

  const paths = (of: string) => server.received.filter(({ path }) => path === of);
  const raiseMany = async (from: number, to: number) => {
    for (let i = from; i < to; i++)
      await alertsIn(database).raise({ fqdn: `engine-${i}.example.com`, at: Date.now() });
  };

  it('given a replica with the former URL that still runs, notifies the webhook at its new URL of all that is active, and of what follows', async () => {
    await run({ WEBHOOK_URL: `${server.url}/hook` });
    await raiseMany(0, 40);
    await eventually(() => expect(hooks().length).toBeGreaterThan(0));
    await run({ WEBHOOK_URL: `${server.url}/other` });
    await eventually(() => expect(paths('/other')).toHaveLength(40));
    const former = hooks().length;
    await raiseMany(40, 80);
    await eventually(() => expect(paths('/other')).toHaveLength(80));
    expect(hooks()).toHaveLength(former);
    expect(log.join()).toContain('serves another URL');
  });

  it('given that nobody serves the other URL any longer, notifies the webhook again of all that is active', async () => {
    await alertsIn(database).raise({ at: Date.now() });
    await run({ WEBHOOK_URL: `${server.url}/hook` });
    await eventually(() => expect(hooks()).toHaveLength(1));
    await database.owner.query(`UPDATE notification_destination SET address = 'another'`);
    await eventually(() => expect(log.join()).toContain('serves another URL'));
    expect(hooks()).toHaveLength(1);
    await database.owner.query(
      `UPDATE notification_destination SET seen_at = seen_at - interval '3 minutes'`,
    );
    await alertsIn(database).raise({ fqdn: 'another.example.com', at: Date.now() });
    await eventually(() => expect(hooks()).toHaveLength(3), 90_000);
  });

  it('notifies a webhook once with three replicas', async () => {
    await alertsIn(database).raise({ at: Date.now() - MINUTE_MS });
    const given = { ALERTMANAGER_URLS: server.url, WEBHOOK_URL: `${server.url}/hook` };
    await Promise.all([run(given), run(given), run(given)]);
    await eventually(() => expect(hooks()).toHaveLength(1));
    // Every replica has run a round when all have posted to Alertmanager, which accepts duplicates.
    await eventually(() => expect(told().length).toBeGreaterThanOrEqual(3));
    expect(hooks()).toHaveLength(1);
  });

  it('starts unready without the database, and notifies when the database is available', async () => {
    await alertsIn(database).raise({ at: Date.now() - MINUTE_MS });
    const way = await createTcpProxy(database.urls.notifier);
    way.refuse();
    const url = await run({
      DATABASE_URL: way.urlThrough(database.urls.notifier),
      ALERTMANAGER_URLS: server.url,
    });
    expect((await fetch(`${url}/health/ready`)).status).toBe(503);
    way.mend();
    await eventually(() => expect(told().length).toBeGreaterThan(0), 30_000);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await apps.pop()!.close();
    await way.close();
  });
});
