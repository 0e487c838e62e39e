import { eventually } from '@backup-awareness/testing';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openStream } from '../spec/open-stream.js';
import { useConsole, type ServedConsole } from '../spec/use-console.js';
import { ENDPOINTS } from './endpoints.js';

/** Stand-ins for services: one that is ready, one that is not, and one that never answers. */
const answers: Record<string, [status: number, body: object] | undefined> = {
  ingest: [200, { status: 'ready', checks: {} }],
  audit: [503, { status: 'not ready', checks: { broker: 'ok', database: 'gone' } }],
  notifier: undefined,
};
const servers: Server[] = [];
const urls: Record<string, string> = {};

beforeAll(async () => {
  for (const name of Object.keys(answers)) {
    const server = createServer(({ url }, response) => {
      const answer = answers[name];
      if (!answer) return;
      const [status, body] = url === '/health/live' ? [200, { version: '1.2.3' }] : answer;
      response.writeHead(status).end(JSON.stringify(body));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
});
afterAll(() =>
  servers.forEach((server) => {
    server.closeAllConnections();
    server.close();
  }),
);

let served: ServedConsole;
useConsole((it) => (served = it), { configure: () => ({ SERVICE_URLS: urls }) });

const system = async () => {
  const { json } = await served.ask('GET', '/api/v1/system');
  ENDPOINTS.find(({ path }) => path === '/system')!.answer!.parse(json);
  return json;
};

test('services, queues, lag, outbox, checker, notifier and versions are told; a service that hangs is not ready', async () => {
  await served.database.owner.query(
    `UPDATE checker_lease SET holder = 'a checker', expires_at = now() + interval '1 hour'`,
  );
  await served.broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', '{}');
  await eventually(async () =>
    expect(await system()).toMatchObject({
      services: [
        { name: 'ingest', ready: true, reasons: [], version: '1.2.3' },
        { name: 'audit', ready: false, reasons: [{ part: 'database', reason: 'gone' }] },
        { name: 'notifier', ready: false, reasons: [{ part: 'http' }], version: null },
      ],
      queues: expect.arrayContaining([
        { name: 'backup-awareness.ingest', messages: 1, consumers: 0 },
        { name: 'ovirt.unrouted', messages: 0, consumers: 0 },
      ]),
      lag: { ingest_waiting: 1, audit_waiting: 1, proven_at: { decision: null } },
      // The two tokens of this spec were created; nothing publishes that here.
      outbox: { waiting: 2, set_aside: 0, oldest_waiting_at: expect.any(String) },
      checker: { checks: 'never_checked', leader: 'a checker', last_check: null },
      notifier: { destinations: [], undelivered: 0 },
      versions: {
        postgresql: expect.stringMatching(/^\d+/),
        rabbitmq: expect.stringMatching(/^\d+\.\d+/),
        nodejs: process.versions.node,
      },
      unknown: [],
    }),
  );
});

test('the outbox is late once its oldest event waits for longer than a minute, as check says', async () => {
  const { owner } = served.database;
  await owner.query('UPDATE outbox SET created_at = now()');
  expect((await system()).outbox).toMatchObject({ is_late: false });
  await owner.query(`UPDATE outbox SET created_at = now() - interval '61 seconds'`);
  expect((await system()).outbox).toMatchObject({ is_late: true });
});

test('a checker whose lease is over leads no longer', async () => {
  await served.database.owner.query(`UPDATE checker_lease SET expires_at = 'epoch'`);
  await eventually(async () =>
    expect((await system()).checker).toMatchObject({ leader: null, leader_until: null }),
  );
});

test.each([
  ['hang', /no answer within 3 s/],
  ['refuse', /broker/],
] as const)(
  'a broker that does not answer (%s) is unknown with the reason, and all else is told',
  async (how, reason) => {
    served.proxy[how]();
    await eventually(async () => {
      const found = await system();
      expect(found).toMatchObject({
        queues: null,
        checker: expect.anything(),
        unknown: [{ part: 'queues', reason: expect.stringMatching(reason) }],
      });
    });
    served.proxy.mend();
    await eventually(async () => expect((await system()).unknown).toEqual([]));
  },
);

test('of each destination is told whether a notifier serves it', async () => {
  const { owner } = served.database;
  await owner.query(
    `INSERT INTO notification_destination (destination, seen_at)
     VALUES ('mail', now() - interval '6 minutes'), ('webhook', now())`,
  );
  await eventually(async () =>
    expect((await system()).notifier.destinations).toMatchObject([
      { destination: 'mail', served: false },
      { destination: 'webhook', served: true },
    ]),
  );
  await owner.query('DELETE FROM notification_destination');
});

test('who listens is told of a check, and of any change of the system', async () => {
  const stream = await openStream(served);
  await stream.find('resync');
  const at = '2026-01-02T03:04:05.000Z';
  await eventually(async () => {
    answers.audit = [503, { checks: { database: `gone ${Math.random()}` } }];
    expect(stream.events.some(({ event }) => event === 'system')).toBe(true);
  }, 30_000);
  await served.database.owner.query('UPDATE checker_state SET last_check_at = $1', [at]);
  await stream.find('check', { last_check_at: at });
  stream.close();
});

test('while the database is away what it tells is unknown', async () => {
  const { database } = served;
  await database.owner.query('ALTER TABLE checker_lease RENAME TO elsewhere');
  await eventually(async () =>
    expect(await system()).toMatchObject({
      checker: null,
      outbox: null,
      notifier: null,
      queues: expect.any(Array),
      unknown: [{ part: 'database', reason: expect.stringContaining('checker_lease') }],
    }),
  );
  await database.owner.query('ALTER TABLE elsewhere RENAME TO checker_lease');
});
