import { Publisher } from '@backup-awareness/messaging';
import { eventually } from '@backup-awareness/testing';
import { randomUUID } from 'node:crypto';
import { useConsole, type ServedConsole } from '../spec/use-console.js';
import { ENDPOINTS } from './endpoints.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const API = '/api/v1/dead-letters';
const QUEUE = 'backup-awareness.ingest';
let ingest: Publisher;

beforeAll(async () => {
  ingest = await Publisher.open(served.broker.urlOf('ingest'), 'spec');
});
afterAll(() => ingest.close());
afterEach(async () => {
  await served.broker.drain(`${QUEUE}.dead`);
  await served.broker.drain('ovirt.unrouted');
  await served.database.owner.query('TRUNCATE outbox');
});

interface Letter {
  readonly body?: string;
  readonly reason?: string;
  readonly headers?: Record<string, unknown>;
  readonly at?: string;
}

/** As ingest writes one. @returns its id */
async function bury({
  body = '{"data":{"done_at":"yesterday"}}',
  reason = 'invalid',
  headers = {},
  at,
}: Letter = {}): Promise<string> {
  const id = randomUUID();
  const options = {
    headers: {
      'x-dead-letter-id': id,
      'x-dead-at': at ?? new Date().toISOString(),
      'x-received-at': at ?? new Date().toISOString(),
      'x-error-reason': reason,
      'x-error-path': 'data.done_at',
      'x-error-expected': 'an instant',
      'x-error-got': '"yesterday"',
      'x-original-exchange': 'ovirt.engine-backup',
      'x-original-routing-key': 'ENGINE_BACKUP_COMPLETED.db',
      'x-original-user-id': 'host',
      ...headers,
    },
  };
  await eventually(() =>
    ingest.publish({
      exchange: 'backup-awareness.dead',
      routingKey: QUEUE,
      body: Buffer.from(body),
      options,
    }),
  );
  return id;
}

const list = (query = '', token?: string) =>
  served.ask('GET', `${API}?${query}`, token === undefined ? {} : { token });
const valid = (method: string, path: string, answer: unknown) =>
  ENDPOINTS.find((one) => one.method === method && one.path === path)!.answer!.parse(answer);
/** The list is read anew after two seconds at most. */
const listed = async (count: number, query = '') =>
  eventually(async () => {
    const { json } = await list(query);
    expect(json.total).toBe(count);
    return json;
  });

test('letters are listed page by page and grouped by reason, and stay where they are', async () => {
  for (let n = 0; n < 5; n++)
    await bury({
      reason: n < 3 ? 'not authorised' : 'invalid',
      at: `2026-01-0${n + 1}T00:00:00.000Z`,
    });
  const all = await listed(5);
  valid('GET', '/dead-letters', all);
  expect(all.groups).toEqual([
    {
      queue: 'ingest',
      reason: 'not authorised',
      path: 'data.done_at',
      count: 3,
      oldest_at: '2026-01-01T00:00:00.000Z',
    },
    {
      queue: 'ingest',
      reason: 'invalid',
      path: 'data.done_at',
      count: 2,
      oldest_at: '2026-01-04T00:00:00.000Z',
    },
  ]);
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { json } = await list(`limit=2${cursor && `&cursor=${cursor}`}`);
    ids.push(...json.items.map(({ id }: { id: string }) => id));
    cursor = json.next_cursor;
  }
  expect(ids).toEqual(all.items.map(({ id }: { id: string }) => id));
  expect((await list('reason=invalid')).json.total).toBe(2);
  expect((await list('path=data.done_at')).json.total).toBe(5);
  expect((await list('path=data.scope')).json.total).toBe(0);
  expect((await list('queue=audit')).json.total).toBe(0);
  expect((await list('cursor=x')).status).toBe(200);
  await eventually(async () => expect(await served.broker.depth(`${QUEUE}.dead`)).toBe(5));
});

test('a letter is shown with its payload as text, its headers and its invalid part marked', async () => {
  const id = await bury();
  const { json, status } = await served.ask('GET', `${API}/${id.toUpperCase()}`);
  expect(status).toBe(200);
  valid('GET', '/dead-letters/{id}', json);
  expect(json).toMatchObject({
    id,
    path: 'data.done_at',
    payload: '{"data":{"done_at":"yesterday"}}',
    headers: { 'x-error-reason': 'invalid' },
  });
  expect((await served.ask('GET', `${API}/${randomUUID()}`)).status).toBe(404);
});

test('scripts, bidirectional and control characters come back as data, in JSON that no browser runs', async () => {
  const nasty = '<script>alert(1)</script>\u202e\u0000\u001b[31m\u2028';
  const id = await bury({
    body: nasty,
    reason: nasty.replace('\u0000', ''),
    headers: { 'x-own': nasty },
  });
  for (const answer of [
    await served.ask('GET', `${API}/${id}`),
    await eventually(async () => {
      const found = await list();
      expect(found.json.items.map((one: { id: string }) => one.id)).toContain(id);
      return found;
    }),
  ]) {
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.text).not.toMatch(/[\u0000-\u001f]/);
  }
  const { json } = await served.ask('GET', `${API}/${id}`);
  expect(json).toMatchObject({ payload: nasty, headers: { 'x-own': nasty } });
});

test('bytes that are no text, and headers that cannot be written as JSON, do not keep a letter from being shown', async () => {
  const { broker } = served;
  const sender = await Publisher.open(broker.urlOf('ingest'), 'spec');
  const id = randomUUID();
  const options = { headers: { 'x-dead-letter-id': id, bytes: Buffer.from([0xff]), number: 1.5 } };
  await eventually(() =>
    sender.publish({
      exchange: 'backup-awareness.dead',
      routingKey: QUEUE,
      body: Buffer.from([0xff, 0xfe]),
      options,
    }),
  );
  await sender.close();
  const { json, status } = await served.ask('GET', `${API}/${id}`);
  expect(status).toBe(200);
  expect(json).toMatchObject({ payload: null, payload_base64: '//4=' });
});

test('a replay publishes the message as it came, records who did it, and removes the letter', async () => {
  const id = await bury({ body: '{"n":1}' });
  const answer = await served.ask('POST', `${API}/${id}/replay`, { body: { comment: 'mended' } });
  expect(answer).toMatchObject({ status: 200, json: { id, outcome: 'replayed' } });
  const [message] = await eventually(async () => {
    const found = await served.broker.drain(QUEUE);
    expect(found).toHaveLength(1);
    return found;
  });
  expect(message!.content.toString()).toBe('{"n":1}');
  expect(message!.properties).toMatchObject({
    userId: expect.stringMatching(/replay$/),
    headers: { 'x-original-user-id': 'host' },
  });
  expect(await served.broker.depth(`${QUEUE}.dead`)).toBe(0);
  expect(await outbox()).toMatchObject([
    { name: 'DeadLetterReplayed', data: { who: 'token:operator', id, comment: 'mended' } },
  ]);
  expect((await served.ask('POST', `${API}/${id}/replay`, { body: {} })).status).toBe(404);
});

test('a letter is discarded with a comment, which is recorded', async () => {
  const id = await bury();
  expect((await served.ask('DELETE', `${API}/${id}`, { body: {} })).status).toBe(400);
  expect((await served.ask('DELETE', `${API}/${id}`, { body: { comment: ' ' } })).status).toBe(400);
  expect(await served.broker.depth(`${QUEUE}.dead`)).toBe(1);
  expect(
    (await served.ask('DELETE', `${API}/${id}`, { body: { comment: 'a test' } })).json,
  ).toEqual({ id, outcome: 'discarded' });
  expect(await served.broker.depth(`${QUEUE}.dead`)).toBe(0);
  expect(await outbox()).toMatchObject([
    { name: 'DeadLetterDiscarded', data: { who: 'token:operator', id, comment: 'a test' } },
  ]);
});

test('what was published for nobody cannot be replayed where its exchange is not ours, and stays', async () => {
  await served.broker.publish('ovirt.unrouted', 'x', 'x');
  const { items } = await listed(1);
  const answer = await served.ask('POST', `${API}/${items[0].id}/replay`, { body: {} });
  expect(answer).toMatchObject({
    status: 409,
    json: { detail: expect.stringContaining('not published through one of our exchanges') },
  });
  await eventually(async () => expect(await served.broker.depth('ovirt.unrouted')).toBe(1));
  expect(await outbox()).toEqual([]);
});

test('a viewer sees letters, and settles none', async () => {
  const id = await bury();
  const token = served.viewer;
  await eventually(async () =>
    expect((await served.ask('GET', `${API}/${id}`, { token })).status).toBe(200),
  );
  expect((await served.ask('POST', `${API}/${id}/replay`, { token, body: {} })).status).toBe(403);
  expect(
    (await served.ask('DELETE', `${API}/${id}`, { token, body: { comment: 'x' } })).status,
  ).toBe(403);
  await eventually(async () => expect(await served.broker.depth(`${QUEUE}.dead`)).toBe(1));
});

test('of very many who ask at the same time some are told to come again, and all get an answer', async () => {
  const id = await bury();
  const answers = await Promise.all(
    Array.from({ length: 30 }, () => served.ask('GET', `${API}/${id}`)),
  );
  const statuses = answers.map(({ status }) => status);
  expect([...new Set(statuses)].toSorted()).toEqual([200, 503]);
  expect(answers.find(({ status }) => status === 503)!.headers.get('retry-after')).toBe('5');
});

test('viewers who ask for letters that do not exist read none at the broker, and hold up no operator', async () => {
  const id = await bury();
  const asked = Array.from({ length: 30 }, () =>
    served.ask('GET', `${API}/${randomUUID()}`, { token: served.viewer }),
  );
  expect((await served.ask('GET', `${API}/${id}`)).status).toBe(200);
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([404]));
});

test('where there are more letters than are listed, a viewer finds one that is not, and who asks for ever more of them is told to come again', async () => {
  const ids: string[] = [];
  while (ids.length < 2_100)
    ids.push(...(await Promise.all(Array.from({ length: 100 }, () => bury()))));
  const page = await eventually(async () => {
    const { json } = await list('limit=1000', served.viewer);
    expect(json).toMatchObject({ is_complete: false, total: 2_000 });
    return json;
  });
  const rest = (await list(`limit=1000&cursor=${page.next_cursor}`, served.viewer)).json;
  const listed = new Set([...page.items, ...rest.items].map(({ id }: { id: string }) => id));
  expect(listed.size).toBe(2_000);
  const show = (id: string) => served.ask('GET', `${API}/${id}`, { token: served.viewer });
  for (const id of ids.filter((one) => !listed.has(one)).slice(0, 3))
    expect([200, 503]).toContain((await show(id)).status);
  const unlisted = ids.find((id) => !listed.has(id))!;
  await eventually(
    async () => expect(await show(unlisted)).toMatchObject({ status: 200, json: { id: unlisted } }),
    200_000,
  );
  // Who asks for others holds up nobody: all letters are read for it.
  await eventually(async () => {
    const { status, headers } = await show(randomUUID());
    expect(status).toBe(503);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
}, 300_000);

test('while the broker is away the list says so, and a letter cannot be shown', async () => {
  served.proxy.refuse();
  await eventually(async () => {
    expect((await list()).json).toMatchObject({
      items: [],
      broker_unknown: expect.stringContaining('broker'),
    });
  });
  expect((await served.ask('GET', `${API}/${randomUUID()}`)).status).toBe(503);
  served.proxy.mend();
  await eventually(async () => expect((await list()).json.broker_unknown).toBeNull());
});

test('an event that a destination did not accept is a dead letter, too', async () => {
  const { owner } = served.database;
  const id = randomUUID();
  await owner.query(
    `INSERT INTO notification (destination, subject_id, change, stream, position, noted_at, due_at, settled_at, outcome, last_error)
     VALUES ('webhook', $1, 'raised', 'e.example.com', 1, now(), now(), now(), 'given_up', 'refused')`,
    [id],
  );
  const { items } = await listed(1, 'queue=webhook');
  expect(items[0]).toMatchObject({ queue: 'webhook', reason: 'refused' });
  expect((await served.ask('POST', `${API}/${items[0].id}/replay`, { body: {} })).status).toBe(200);
  expect(await owner.query('SELECT outcome FROM notification')).toEqual([{ outcome: null }]);
});

const outbox = () => served.database.owner.query('SELECT name, data FROM outbox ORDER BY id');
