import {
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { buryAs, type Buried } from '../spec/bury.js';
import { runCommand } from '../spec/run-command.js';

const INGEST = 'backup-awareness.ingest';
const IDS = [1, 2, 3].map((i) => `019ab0c5-0d1b-7c4e-8a21-00000000000${i}`);
const [FIRST = '', SECOND = '', THIRD = ''] = IDS;
const REPORT = { scope: 'db', done_at: 'yesterday', fqdn: 'engine.example.com' };

let database: TestDatabase;
let broker: TestBroker;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.owner.query('TRUNCATE outbox');
  broker = await createTestBroker();
});
afterEach(() => broker.drop());

const bury = (...letters: Buried[]) => buryAs(broker.urlOf('ingest'), letters);
const letter = (id: string, fields: Partial<Buried> = {}): Buried => ({
  id,
  body: JSON.stringify(REPORT),
  ...fields,
});

const environment = () => ({
  DATABASE_URL: database.ownerUrl,
  AMQP_URL: broker.amqpUrl,
  REPLAY_AMQP_PASSWORD: new URL(broker.urlOf('replay')).password,
});
const run = (...args: string[]) => runCommand(['dead-letters', ...args], environment());

async function listed(...filters: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await run('list', '--json', ...filters);
  return JSON.parse(stdout) as Record<string, unknown>[];
}

async function recorded(): Promise<{ name: string; data: Record<string, unknown> }[]> {
  return database.owner.query('SELECT name, data FROM outbox ORDER BY id');
}

describe('dead-letters list', () => {
  test('says that there are none', async () => {
    expect(await run('list')).toMatchObject({ exitCode: 0, stdout: 'No dead letters.\n' });
    expect(await listed()).toEqual([]);
  });

  test('shows the details of each; --queue, --reason and --limit filter', async () => {
    await bury(letter(FIRST), letter(SECOND, { headers: { 'x-error-reason': 'not authorised' } }));
    await broker.publish('ovirt.engine-backup', 'nobody.wants', 'x');
    const all = await listed();
    expect(all).toHaveLength(3);
    expect(all.find(({ id }) => id === FIRST)).toEqual({
      id: FIRST,
      queue: 'ingest',
      reason: 'data.done_at: expected an instant, got "yesterday"',
      path: 'data.done_at',
      expected: 'an instant',
      got: '"yesterday"',
      received_at: '2026-11-23T02:00:00.000Z',
      dead_at: '2026-11-23T03:00:00.000Z',
      exchange: 'ovirt.engine-backup',
      routing_key: 'ENGINE_BACKUP_COMPLETED.db',
      message_id: `message ${FIRST}`,
      user_id: 'host-1',
      bytes: 64,
    });
    const idsOf = async (...filters: string[]) => (await listed(...filters)).map(({ id }) => id);
    expect(await idsOf('--queue', 'ingest')).toEqual([FIRST, SECOND]);
    expect(await idsOf('--reason', 'NOT AUTHOR')).toEqual([SECOND]);
    expect(await idsOf('--queue', 'ingest', '--limit', '1')).toEqual([SECOND]);
    expect(await idsOf('--queue', 'audit')).toEqual([]);
    expect((await run('list', '--reason', 'nobody.wants')).stdout).toContain(
      'no queue is bound for nobody.wants',
    );
  });

  test('sends nothing hostile to a terminal', async () => {
    await bury(
      letter('\u001b[2Jevil', {
        body: Buffer.from([0, 255, 27]),
        headers: {
          'x-error-reason': 'first\nsecond\u001b[31m',
          'x-dead-at': '\u202eyadretsey',
          'x-original-user-id': 7,
          'x-received-at': { no: 'instant' },
        },
      }),
    );
    for (const args of [['list'], ['list', '--json'], ['show', '\u001b[2Jevil'.toLowerCase()]]) {
      const { stdout, stderr } = await run(...args);
      expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u202e]/);
    }
  });

  test.each([
    [['list', '--limit', '0'], /--limit: expected a whole number/],
    [['list', '--queue', 'x'], /ingest, audit, unrouted/],
    [['show', 'nowhere'], /no dead letter has the id "nowhere"/],
    [['replay'], /expected either ids, or --all/],
    [['replay', FIRST, '--all'], /expected either ids, or --all/],
    [['replay', FIRST, '--queue', 'ingest'], /--queue and --reason choose among --all/],
    [['discard', '--all'], /--comment/],
    [['discard', '--all', '--comment', ' '], /comment/],
    [['replay', 'nowhere'], /no dead letter has the id "nowhere"/],
    [['discard', 'nowhere', '--comment', 'x'], /no dead letter has the id "nowhere"/],
  ])('%j is refused', async (args, message) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(2);
  });

  test('as a user who may not read them, it says which user may', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['dead-letters', 'list'], {
      DATABASE_URL: database.ownerUrl,
      AMQP_URL: broker.urlOf('monitor'),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toMatch(
      /^backup-awareness: the broker user \S*monitor may not work with dead letters \(.*ACCESS_REFUSED.*\): set REPLAY_AMQP_PASSWORD, /,
    );
  });

  test('fails as unreachable without a broker', async () => {
    const { exitCode, stderr } = await runCommand(['dead-letters', 'list'], {
      ...environment(),
      AMQP_URL: 'amqp://127.0.0.1:1',
    });
    expect(stderr).toContain('cannot reach the broker');
    expect(exitCode).toBe(3);
  });
});

describe('dead-letters show', () => {
  test('marks the invalid part of the payload', async () => {
    await bury(
      letter(FIRST, {
        body: '{"specversion":"1.0","id":"x","data":{"done_at":"yesterday","n":1.50}}',
      }),
      letter(SECOND),
    );
    const { stdout } = await run('show', FIRST);
    expect(stdout).toContain('>     "done_at": "yesterday",\n');
    expect(stdout.match(/^> /gm)).toHaveLength(1);
    expect(stdout).toContain('"n": 1.50');
    expect(stdout).toMatch(/^expected +an instant$/m);
    expect((await run('show', SECOND)).stdout).toContain('>   "done_at": "yesterday",\n');
    await bury(letter(THIRD, { headers: { 'x-error-path': 'routing_key' } }));
    expect((await run('show', THIRD)).stdout).toMatch(/^> routing key +ENGINE_BACKUP_COMPLETED/m);
  });

  test('--json has the payload as text, or in base64', async () => {
    await bury(letter(FIRST), letter(SECOND, { body: Buffer.from([0, 255]) }));
    const shown = async (id: string) => JSON.parse((await run('show', id, '--json')).stdout);
    expect(await shown(FIRST)).toMatchObject({
      id: FIRST,
      payload: JSON.stringify(REPORT),
      payload_base64: null,
      content_type: null,
    });
    expect(await shown(SECOND)).toMatchObject({ payload: null, payload_base64: 'AP8=' });
    expect((await run('show', SECOND)).stdout).toContain('\\x00\\xff');
  });
});

describe('dead-letters replay', () => {
  test('publishes the named ones where they came from, records it, and removes them', async () => {
    await bury(letter(FIRST), letter(SECOND), letter(THIRD));
    const { exitCode, stdout } = await run('replay', FIRST, THIRD.toUpperCase(), '--by', 'me');
    expect(stdout).toMatch(
      /^Replayed 2 dead letters\.\nEach is judged again within seconds: .*\n$/,
    );
    expect(exitCode).toBe(0);
    expect((await listed()).map(({ id }) => id)).toEqual([SECOND]);
    const replayed = await broker.drain(INGEST);
    expect(replayed.map(({ properties }) => properties.headers)).toMatchObject([
      {
        'x-dead-letter-id': FIRST,
        'x-received-at': '2026-11-23T02:00:00.000Z',
        'x-original-user-id': 'host-1',
      },
      { 'x-dead-letter-id': THIRD, 'x-replay-queue': INGEST },
    ]);
    expect(replayed[0]).toMatchObject({
      fields: { exchange: 'ovirt.engine-backup', routingKey: 'ENGINE_BACKUP_COMPLETED.db' },
      properties: { messageId: `message ${FIRST}`, userId: expect.stringMatching(/replay$/) },
    });
    expect(replayed[0]?.content.toString()).toBe(JSON.stringify(REPORT));
    expect(await recorded()).toMatchObject([
      {
        name: 'DeadLetterReplayed',
        data: {
          who: 'me',
          id: FIRST,
          queue: 'ingest',
          comment: null,
          reason: expect.stringContaining('yesterday'),
        },
      },
      { name: 'DeadLetterReplayed', data: { id: THIRD } },
    ]);
  });

  test('--all --reason replays those, and says which cannot be', async () => {
    await bury(
      letter(FIRST),
      letter(SECOND, { headers: { 'x-headers-left-out': '3 headers' } }),
      letter(THIRD, { headers: { 'x-error-reason': 'not authorised' } }),
    );
    const { exitCode, stdout, stderr } = await run('replay', '--all', '--reason', 'yesterday');
    expect(stdout).toMatch(/^Replayed 1 dead letter\.\n/);
    expect(stderr).toContain(
      `1 dead letter cannot be replayed: ${SECOND} (its headers or properties`,
    );
    expect(exitCode).toBe(1);
    expect((await listed()).map(({ id }) => id)).toEqual([SECOND, THIRD]);
  });

  test('needs the user replay', async () => {
    await bury(letter(FIRST));
    const { REPLAY_AMQP_PASSWORD: _, ...others } = environment();
    const { exitCode, stderr } = await runCommand(['dead-letters', 'replay', FIRST], others);
    expect(stderr).toContain('REPLAY_AMQP_PASSWORD is not set');
    expect(exitCode).toBe(2);
    expect(await listed()).toHaveLength(1);
  });

  test('stops when the broker is lost, and removes only what was replayed and recorded', async () => {
    const proxy = await createTcpProxy(broker.amqpUrl);
    await bury(...Array.from({ length: 250 }, (_, i) => letter(`letter-${i}`)));
    const watch = setInterval(() => {
      broker.depth(INGEST).then(
        (depth) => (depth >= 100 ? proxy.refuse() : undefined),
        () => undefined,
      );
    }, 10);
    try {
      proxy.delay(2);
      const { exitCode, stderr } = await runCommand(['dead-letters', 'replay', '--all'], {
        ...environment(),
        AMQP_URL: proxy.urlThrough(broker.amqpUrl),
      });
      expect(stderr).toContain('cannot reach the broker');
      expect(stderr).toMatch(
        /: (\d+ dead letters replayed, the others are still in their queues: )?cannot/,
      );
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(exitCode).toBe(3);
    } finally {
      clearInterval(watch);
      await proxy.close();
    }
    const gone = 250 - (await listed()).length;
    expect(gone).toBeLessThan(250);
    const replayed = await broker.drain(INGEST);
    const ids = new Set(replayed.map(({ properties }) => properties.headers?.['x-dead-letter-id']));
    expect(ids.size).toBeGreaterThanOrEqual(gone);
    expect((await recorded()).length).toBeGreaterThanOrEqual(gone);
  });

  test('removes nothing that is not recorded', async () => {
    await bury(letter(FIRST));
    await database.owner.query('ALTER TABLE outbox RENAME TO outbox_away');
    try {
      expect((await run('replay', '--all')).exitCode).toBe(1);
    } finally {
      await database.owner.query('ALTER TABLE outbox_away RENAME TO outbox');
    }
    expect(await listed()).toHaveLength(1);
  });

  test('by two administrators at once loses nothing, and replays each letter once', async () => {
    const ids = Array.from({ length: 150 }, (_, i) => `letter-${String(i).padStart(3, '0')}`);
    await bury(...ids.map((id) => letter(id)));
    const results = await Promise.all([
      run('replay', '--all'),
      run('replay', '--all'),
      run('list', '--json'),
    ]);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const counts = results.slice(0, 2).map(({ stdout }) => Number(/\d+/.exec(stdout)?.[0]));
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 150]);
    expect([0, 150]).toContain((JSON.parse(results[2]!.stdout) as unknown[]).length);
    const replayed = await broker.drain(INGEST);
    const idsOf = replayed.map(({ properties }) =>
      String(properties.headers?.['x-dead-letter-id']),
    );
    expect(idsOf.toSorted()).toEqual(ids);
    expect(await recorded()).toHaveLength(150);
  });
});

describe('dead-letters discard', () => {
  test('records who discarded it and why, and removes it', async () => {
    await bury(letter(FIRST), letter(SECOND));
    const { stdout } = await run('discard', FIRST, '--comment', 'a test', '--by', 'me', '--json');
    expect(JSON.parse(stdout)).toEqual({ discarded: 1, not_found: [] });
    expect((await listed()).map(({ id }) => id)).toEqual([SECOND]);
    expect(await broker.depth(INGEST)).toBe(0);
    expect(await recorded()).toMatchObject([
      {
        name: 'DeadLetterDiscarded',
        data: { who: 'me', id: FIRST, queue: 'ingest', comment: 'a test' },
      },
    ]);
  });

  test('--all discards what cannot be replayed, too', async () => {
    await bury(letter(FIRST, { headers: { 'x-properties-left-out': 'why' } }));
    await broker.publish('', `${INGEST}.dead`, Buffer.from([0, 255]));
    await broker.publish('ovirt.engine-backup', 'nobody.wants', '');
    expect((await run('discard', '--all', '--comment', 'x')).stdout).toBe(
      'Discarded 3 dead letters.\n',
    );
    await eventually(async () => expect(await listed()).toEqual([]));
  });
});
