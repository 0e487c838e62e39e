import {
  createTestBroker,
  createTestDatabase,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { buryAs } from '../spec/bury.js';
import { runCommand } from '../spec/run-command.js';

const FQDN = 'engine.example.com';
const ALERT_ID = '01900000-0000-7000-8000-000000000001';
const OF_BROKER = '019ab0c5-0d1b-7c4e-8a21-000000000001';
const DATA = { alert_id: ALERT_ID, alert: 'ENGINE_NO_FULL_BACKUP', fqdn: FQDN };

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.owner.query('TRUNCATE notification, outbox');
  await giveUp('webhook', 'raised');
  await giveUp('webhook', 'cleared');
  await giveUp('ovirt', 'raised');
});
beforeAll(() =>
  database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, alert_id, event_id, event_name, custom_data)
     VALUES (now(), 'ENGINE_NO_FULL_BACKUP', 9022, 10, '', '/ovirt/engines/${FQDN}', '${FQDN}', $1, 'event-1', 'BackupAlertRaised', $2)`,
    [ALERT_ID, { ...DATA, decided_at: '2026-11-23T02:00:00.000Z' }],
  ),
);

const giveUp = (destination: string, change: string) =>
  database.owner.query(
    `INSERT INTO notification (destination, subject_id, change, stream, position, noted_at, due_at, tries, settled_at, outcome, last_error)
     VALUES ($1, $2, $3, '${FQDN}', 1, '2026-11-20T02:00:00Z', now(), 4000, '2026-11-23T02:00:00Z', 'given_up', 'answered 503')`,
    [destination, ALERT_ID, change],
  );
const run = (...args: string[]) =>
  runCommand(['dead-letters', ...args], { DATABASE_URL: database.ownerUrl });
async function listed(...filters: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await run('list', '--json', ...filters);
  return JSON.parse(stdout) as Record<string, unknown>[];
}
const outcomes = () =>
  database.owner.query(
    `SELECT destination, change, outcome, tries FROM notification ORDER BY destination, change`,
  );
const recorded = () => database.owner.query('SELECT name, data FROM outbox ORDER BY id');

describe('events that a destination did not accept for three days', () => {
  test('are listed as dead letters, without a broker', async () => {
    const [raised] = await listed('--queue', 'webhook');
    expect(raised).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      queue: 'webhook',
      reason: 'answered 503',
      path: null,
      expected: null,
      got: null,
      received_at: '2026-11-20T02:00:00.000Z',
      dead_at: '2026-11-23T02:00:00.000Z',
      exchange: 'ovirt.backup-alerts',
      routing_key: 'BackupAlertRaised.ENGINE_NO_FULL_BACKUP',
      message_id: 'event-1',
      user_id: null,
      bytes: expect.any(Number),
    });
    expect(await listed('--queue', 'webhook')).toHaveLength(2);
    expect(await listed('--queue', 'ovirt')).toHaveLength(1);
    expect(await listed('--queue', 'webhook', '--reason', 'timeout')).toEqual([]);
  });

  test('are shown with their payload', async () => {
    const [raised] = await listed('--queue', 'webhook');
    const { stdout } = await run('show', String(raised!['id']));
    expect(stdout).toContain('"type": "org.ovirt.BackupAlertRaised"');
    expect(stdout).toContain(ALERT_ID);
  });

  test('fail check with a warning, and are counted by status', async () => {
    const environment = { DATABASE_URL: database.ownerUrl };
    expect((await runCommand(['check'], environment)).stdout).toContain('3 dead letters');
    expect((await runCommand(['status'], environment)).stdout).toContain(
      'dead letters: 3 events that could not be delivered',
    );
  });

  test('are pending again after a replay, which is recorded', async () => {
    const ids = (await listed('--queue', 'webhook')).map(({ id }) => String(id));
    expect(await run('replay', ...ids, '--by', 'ann')).toMatchObject({
      exitCode: 0,
      stdout: 'Replayed 2 dead letters.\n',
    });
    expect(await outcomes()).toEqual([
      { destination: 'ovirt', change: 'raised', outcome: 'given_up', tries: 4000 },
      { destination: 'webhook', change: 'cleared', outcome: null, tries: 0 },
      { destination: 'webhook', change: 'raised', outcome: null, tries: 0 },
    ]);
    expect(await recorded()).toMatchObject(
      ids.map(() => ({
        name: 'DeadLetterReplayed',
        data: { who: 'ann', queue: 'webhook', reason: 'answered 503', to: 'replayed' },
      })),
    );
  });

  test('are never sent after a discard, which needs a comment and is recorded', async () => {
    expect((await run('discard', '--all', '--queue', 'webhook')).exitCode).toBe(2);
    await run('discard', '--all', '--queue', 'webhook', '--comment', 'no longer used');
    expect(await outcomes()).toMatchObject([
      { destination: 'ovirt', outcome: 'given_up' },
      { outcome: 'not_told' },
      { outcome: 'not_told' },
    ]);
    expect(await recorded()).toMatchObject([
      { name: 'DeadLetterDiscarded', data: { comment: 'no longer used' } },
      { name: 'DeadLetterDiscarded' },
    ]);
  });

  describe('beside dead letters of the broker', () => {
    let broker: TestBroker;
    beforeEach(async () => {
      broker = await createTestBroker();
      await buryAs(broker.urlOf('ingest'), [{ id: OF_BROKER, body: '{}' }]);
    });
    afterEach(() => broker.drop());
    const runBoth = (...args: string[]) =>
      runCommand(['dead-letters', ...args], {
        DATABASE_URL: database.ownerUrl,
        AMQP_URL: broker.amqpUrl,
        REPLAY_AMQP_PASSWORD: new URL(broker.urlOf('replay')).password,
      });

    test('are listed, and settled with them', async () => {
      const { stdout } = await runBoth('list', '--json');
      const queues = (JSON.parse(stdout) as { queue: string }[]).map(({ queue }) => queue);
      expect(queues.toSorted()).toEqual(['ingest', 'ovirt', 'webhook', 'webhook']);
      expect(await runBoth('replay', '--all')).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/^Replayed 4 dead letters\.\nEach is judged again/),
      });
      expect((await runBoth('list')).stdout).toBe('No dead letters.\n');
    });

    test('are unknown while the database is away: those of the broker are listed and shown', async () => {
      const environment = {
        DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/d',
        AMQP_URL: broker.amqpUrl,
      };
      const away = (...args: string[]) => runCommand(['dead-letters', ...args], environment);
      const { exitCode, stdout, stderr } = await away('list', '--json');
      expect(exitCode).toBe(3);
      expect(JSON.parse(stdout)).toMatchObject([{ id: OF_BROKER }]);
      expect(stderr).toContain('events that no destination accepted are unknown: cannot reach');
      expect((await away('show', OF_BROKER)).stdout).toContain(OF_BROKER);
      for (const args of [
        ['list', '--queue', 'webhook'],
        ['show', ALERT_ID],
        ['replay', OF_BROKER],
        ['discard', OF_BROKER, '--comment', 'x'],
      ]) {
        const refused = await away(...args);
        expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
        expect(refused.stderr).toMatch(/cannot reach the database at 127\.0\.0\.1:1/);
      }
      const { exitCode: ofIngest } = await away('list', '--queue', 'ingest');
      expect(ofIngest).toBe(0);
    });

    test('an id of each kind can be given, and one of neither is named', async () => {
      const [webhook] = await listed('--queue', 'webhook');
      const discarded = await runBoth(
        ...['discard', OF_BROKER, String(webhook!['id']), 'nothing', '--comment', 'a test'],
      );
      expect(discarded).toMatchObject({ exitCode: 2, stdout: 'Discarded 2 dead letters.\n' });
      expect(discarded.stderr).toContain('"nothing"');
    });
  });
});
