import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { runCommand } from '../spec/run-command.js';

const ID = '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.owner.query('TRUNCATE outbox');
  for (const [id, setAsideAt] of [
    [ID, '2026-11-23T03:00:00Z'],
    ['pending', null],
  ])
    await database.owner.query(
      `INSERT INTO outbox (event_id, name, exchange, routing_key, source, subject, time, data, attempts, last_error, set_aside_at)
       VALUES ($1, 'EngineAdded', 'gone', 'EngineAdded', '/ovirt/engines/e', 'engine', '2026-11-23T02:00:00Z', '{}', 10, 'no\nexchange', $2)`,
      [id, setAsideAt],
    );
});

const run = (...args: string[]) =>
  runCommand(['outbox', ...args], { DATABASE_URL: database.ownerUrl });

async function rows(): Promise<Record<string, unknown>[]> {
  return database.owner.query(
    `SELECT event_id AS id, name, attempts, set_aside_at IS NOT NULL AS "isSetAside", data FROM outbox ORDER BY outbox.id`,
  );
}

test('list shows the events that were set aside, and why', async () => {
  const { stdout } = await run('list');
  expect(stdout).toContain(ID);
  expect(stdout).toContain('no\\nexchange');
  expect(stdout).not.toContain('pending');
  expect(JSON.parse((await run('list', '--json')).stdout)).toEqual([
    {
      id: ID,
      name: 'EngineAdded',
      exchange: 'gone',
      routing_key: 'EngineAdded',
      source: '/ovirt/engines/e',
      subject: 'engine',
      time: '2026-11-23T02:00:00.000Z',
      created_at: expect.stringMatching(/Z$/),
      set_aside_at: '2026-11-23T03:00:00.000Z',
      attempts: 10,
      last_error: 'no\nexchange',
    },
  ]);
});

test('retry makes one pending again, with all its attempts, and records it', async () => {
  const { stdout } = await run('retry', ID, '--by', 'me');
  expect(stdout).toBe(`Event ${ID} is pending again.\n`);
  const all = await rows();
  expect(all.find(({ id }) => id === ID)).toMatchObject({ attempts: 0, isSetAside: false });
  expect(all.at(-1)).toMatchObject({
    name: 'DeadLetterReplayed',
    data: {
      who: 'me',
      what: 'event',
      id: ID,
      queue: 'outbox',
      reason: 'no\nexchange',
      comment: null,
    },
  });
  expect((await run('list')).stdout).toBe('No events were set aside.\n');
});

test('discard deletes one and records why', async () => {
  const { stdout } = await run('discard', ID.toUpperCase(), '--comment', 'never existed', '--json');
  expect(JSON.parse(stdout)).toEqual({ outcome: 'discarded', id: ID });
  const all = await rows();
  expect(all.map(({ name }) => name).toSorted()).toEqual(['DeadLetterDiscarded', 'EngineAdded']);
  expect(all.at(-1)?.['data']).toMatchObject({ id: ID, queue: 'outbox', comment: 'never existed' });
});

test.each([
  [['retry', 'pending'], /an event that was set aside/],
  [['retry', 'nowhere'], /an event that was set aside/],
  [['discard', ID], /--comment/],
  [['discard', ID, '--comment', ' '], /comment/],
])('%j is refused and changes nothing', async (args, message) => {
  const before = await rows();
  const { exitCode, stderr } = await run(...args);
  expect(stderr).toMatch(message);
  expect(exitCode).toBe(2);
  expect(await rows()).toEqual(before);
});
