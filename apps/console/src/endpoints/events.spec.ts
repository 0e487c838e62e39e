import {
  backupAlertRaised,
  backupAlertRaisedExample,
  settingChanged,
  settingChangedExample,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import {
  beginSession,
  createToken,
  listSessions,
  logReports,
  recordAudit,
  revokeSession,
  revokeToken,
} from '@backup-awareness/database';
import { eventMessage, Publisher } from '@backup-awareness/messaging';
import { eventually, exampleReport } from '@backup-awareness/testing';
import { openStream, type ReceivedStream } from '../spec/open-stream.js';
import { useConsole, type ServedConsole } from '../spec/use-console.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const streams: ReceivedStream[] = [];
afterEach(() => streams.splice(0).forEach((stream) => stream.close()));

async function listen(options: Parameters<typeof openStream>[1] = {}): Promise<ReceivedStream> {
  const stream = await openStream(served, options);
  streams.push(stream);
  return stream;
}

const listenTimes = (times: number, options: Parameters<typeof openStream>[1]) =>
  Promise.all(Array.from({ length: times }, () => listen(options)));

/** @returns the secret of a viewer's */
const newToken = async (name: string) =>
  (await createToken(served.database.owner, { name, role: 'viewer', who: 'root' })).secret;

/** A stream that has said that it is subscribed. */
async function subscribed(): Promise<ReceivedStream> {
  const stream = await listen();
  const queues = async () =>
    (await served.broker.api('GET', `queues/${encodeURIComponent(served.broker.vhost)}`)) as {
      name: string;
    }[];
  await eventually(async () =>
    expect((await queues()).map(({ name }) => name)).toContainEqual(
      expect.stringMatching(/^console-events\./),
    ),
  );
  // What was bound after the queue was listed.
  await eventually(async () => {
    await publishAs('freshness-checker', settingChanged({ ...settingChangedExample, what: 'Try' }));
    expect(stream.events.some(({ event }) => event === 'setting')).toBe(true);
  });
  return stream;
}

async function publishAs(user: 'freshness-checker' | 'audit', event: OutgoingEvent): Promise<void> {
  const publisher = await Publisher.open(served.broker.urlOf(user), 'spec');
  await eventually(() => publisher.publish(eventMessage(event, 'spec', new Date())));
  await publisher.close();
}

let last = 0;
const newId = () => `event-${++last}`;

function report(eventId: string, fields: object = {}) {
  const data = {
    scope: 'db',
    done_at: '2026-01-01T10:00:00Z',
    status: 1,
    output_message: '',
    fqdn: 'e.example.com',
    log_path: '',
    ...fields,
  };
  return served.broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', data, {
    messageId: eventId,
  });
}

const store = (eventId: string) =>
  logReports(served.database.owner, [exampleReport({ eventId, fqdn: 'e.example.com' })]);

const audit = (eventId: string, origin = '/ovirt/engines/e.example.com') =>
  recordAudit(served.database.owner, [
    {
      logTime: new Date().toISOString(),
      logTypeName: 'x',
      logType: 0,
      severity: 0,
      message: 'x',
      origin,
      correlationId: null,
      fqdn: null,
      reportOf: null,
      reportedBy: null,
      alertId: null,
      eventId,
      eventName: 'x',
      customData: '{}',
    } as never,
  ]);

beforeAll(() => served.database.owner.query(`INSERT INTO engine (fqdn) VALUES ('e.example.com')`));

test('the stream is for who has signed in, and no proxy keeps it back', async () => {
  expect((await listen({ token: null })).status).toBe(401);
  const { status, headers } = await listen();
  expect(status).toBe(200);
  expect(headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'x-accel-buffering': 'no',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect((await served.ask('HEAD', '/api/v1/events')).status).toBe(405);
});

test('a report is announced when it can be fetched, and again when it is in the audit log', async () => {
  const stream = await subscribed();
  const [stored, unstored] = [newId(), newId()];
  await report(unstored);
  await report(stored);
  await store(stored);
  const event = await stream.find('report', { event_id: stored });
  expect(event.data).toEqual({
    event: 'ENGINE_BACKUP_COMPLETED',
    fqdn: 'e.example.com',
    scope: 'db',
    event_id: stored,
    in_audit_log: false,
  });
  await audit(stored);
  await stream.find('report', { event_id: stored, in_audit_log: true });
  expect(stream.events.some(({ data }) => data.event_id === unstored)).toBe(false);
  await store(unstored);
  await stream.find('report', { event_id: unstored });
});

test('an alert and a setting are announced, but not those of another broker user', async () => {
  const stream = await subscribed();
  const alertId = '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42';
  await publishAs(
    'freshness-checker',
    backupAlertRaised({ ...backupAlertRaisedExample, alert_id: alertId }),
  );
  const { data } = await stream.find('alert', { alert_id: alertId });
  expect(data).toMatchObject({
    event: 'BackupAlertRaised',
    fqdn: backupAlertRaisedExample.fqdn,
    in_audit_log: false,
  });
  const event = settingChanged({ ...settingChangedExample, what: 'Forged' });
  const { exchange, routingKey, body, options } = eventMessage(event, 'spec', new Date());
  await served.broker.publish(exchange, routingKey, body, options);
  await publishAs(
    'freshness-checker',
    settingChanged({ ...settingChangedExample, what: 'Genuine' }),
  );
  await stream.find('setting', { name: 'Genuine', fqdn: null });
  expect(stream.events.some(({ data: { name } }) => name === 'Forged')).toBe(false);
});

test('a client that connects again gets what it has missed, and resync if that is not known', async () => {
  const stream = await subscribed();
  const [first, second] = [newId(), newId()];
  await store(first);
  await report(first);
  const { id } = await stream.find('report', { event_id: first });
  stream.close();
  await store(second);
  await report(second);
  const again = await listen({ headers: { 'last-event-id': id } });
  await again.find('report', { event_id: second });
  expect(again.events.some(({ data }) => data.event_id === first && !data.in_audit_log)).toBe(
    false,
  );
  expect(again.events.some(({ event }) => event === 'resync')).toBe(false);
  for (const unknown of [id.replace(/^./, 'z'), id.replace(/\d+$/, '99999'), 'x', '\u00ff'])
    await (await listen({ headers: { 'last-event-id': unknown } })).find('resync');
  // With the id of the beginning a client resumes that has received no event.
  const { lastId } = await listen();
  expect((await listen({ headers: { 'last-event-id': lastId } })).events).toEqual([]);
});

test('more reports than can be told one by one end with resync', async () => {
  const stream = await subscribed();
  const before = stream.events.filter(({ event }) => event === 'resync').length;
  const ids = Array.from({ length: 300 }, newId);
  await Promise.all(ids.map((id) => report(id)));
  for (const id of ids) await store(id);
  await Promise.all(ids.map((id) => audit(id)));
  await eventually(() =>
    expect(stream.events.filter(({ event }) => event === 'resync').length).toBeGreaterThan(before),
  );
});

test('a thousand streams on one replica each get a report', async () => {
  const many: ReceivedStream[] = [];
  for (let n = 0; n < 10; n++) {
    const token = await newToken(`one-of-ten-${n}`);
    while (many.length < 100 * (n + 1)) many.push(...(await listenTimes(50, { token })));
  }
  expect(many.every(({ status }) => status === 200)).toBe(true);
  const id = newId();
  await store(id);
  await report(id);
  await eventually(
    () => expect(many.filter(({ text }) => !text.includes(`"${id}"`))).toHaveLength(0),
    60_000,
  );
});

test('one identity has two hundred streams at most, by whichever sessions, and takes no place of others', async () => {
  const token = await newToken('greedy');
  const secret = await beginSession(served.database.owner, { who: 'token:greedy', role: 'viewer' });
  const session = { token: null, headers: { cookie: `backup-awareness-session=${secret}` } };
  const own = await listenTimes(100, { token });
  own.push(...(await listenTimes(100, session)));
  expect(own.every(({ status }) => status === 200)).toBe(true);
  for (const options of [{ token }, session]) {
    const { status, headers } = await listen(options);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  }
  expect((await listen()).status).toBe(200);
  own[0]!.close();
  await eventually(async () => expect((await listen({ token })).status).toBe(200));
});

test('after the broker was away everything has to be fetched, and the stream goes on', async () => {
  const stream = await subscribed();
  const before = stream.events.filter(({ event }) => event === 'resync').length;
  served.proxy.refuse();
  await eventually(async () => expect((await served.ask('GET', '/health/ready')).status).toBe(503));
  expect((await served.ask('GET', '/api/v1/overview')).status).toBe(200);
  served.proxy.mend();
  await eventually(() =>
    expect(stream.events.filter(({ event }) => event === 'resync').length).toBeGreaterThan(before),
  );
  const id = newId();
  await store(id);
  await eventually(async () => {
    await report(id);
    expect(stream.events.some(({ data }) => data.event_id === id)).toBe(true);
  });
  expect(stream.isEnded).toBe(false);
});

test('a stream ends when its token is revoked, and those of others go on', async () => {
  const token = await newToken('watcher');
  const [watcher, other] = [await listen({ token }), await listen()];
  await revokeToken(served.database.owner, { name: 'watcher', who: 'root' });
  await eventually(() => expect(watcher.isEnded).toBe(true), 30_000);
  expect(other.isEnded).toBe(false);
  expect((await listen({ token })).status).toBe(401);
});

test('a stream ends when its session is over, and is no use of it', async () => {
  const secret = await beginSession(served.database.owner, { who: 'root', role: 'viewer' });
  const headers = { cookie: `backup-awareness-session=${secret}` };
  const stream = await listen({ token: null, headers });
  expect(stream.status).toBe(200);
  await served.database.owner.query(
    `UPDATE console_session SET seen_at = now() - interval '2 hours'`,
  );
  await eventually(() => expect(stream.isEnded).toBe(true), 30_000);
});

test('a session that is revoked is refused at once, and its stream ends', async () => {
  const secret = await beginSession(served.database.owner, { who: 'oidc:eve', role: 'viewer' });
  const headers = { cookie: `backup-awareness-session=${secret}` };
  const [stream, other] = [await listen({ token: null, headers }), await listen()];
  expect(stream.status).toBe(200);
  const sessions = await listSessions(served.database.owner);
  const { id } = sessions.find(({ who }) => who === 'oidc:eve')!;
  await revokeSession(served.database.owner, { id, who: 'root' });
  expect((await served.ask('GET', '/api/v1/session', { token: null, headers })).status).toBe(401);
  await eventually(() => expect(stream.isEnded).toBe(true), 30_000);
  expect(other.isEnded).toBe(false);
});
