import {
  createTestBroker,
  createTestDatabase,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { buryAs } from '../spec/bury.js';
import { runCommand } from '../spec/run-command.js';

const MANY = 10_000;
/** A cap for a hang on a slow machine. */
const TIMEOUT_MS = 900_000;

let database: TestDatabase;
let broker: TestBroker;
beforeAll(async () => {
  database = await createTestDatabase();
  broker = await createTestBroker();
});
afterAll(async () => {
  await broker?.drop();
  await database?.drop();
});

test(
  'ten thousand dead letters are listed and replayed',
  async () => {
    const ids = Array.from({ length: MANY }, (_, i) => `letter-${String(i).padStart(5, '0')}`);
    await buryAs(
      broker.urlOf('ingest'),
      ids.map((id) => ({ id, body: id })),
    );
    const environment = {
      DATABASE_URL: database.ownerUrl,
      AMQP_URL: broker.amqpUrl,
      REPLAY_AMQP_PASSWORD: new URL(broker.urlOf('replay')).password,
    };
    const run = (...args: string[]) => runCommand(['dead-letters', ...args], environment);
    const list = await run('list', '--json');
    expect(list).toMatchObject({ exitCode: 0, stderr: '' });
    const listed = JSON.parse(list.stdout) as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(ids);
    const replayed = await run('replay', '--all');
    expect(replayed).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`Replayed ${MANY} dead letters.\n`),
    });
    expect((await run('list')).stdout).toBe('No dead letters.\n');
    expect(await broker.depth('backup-awareness.ingest')).toBe(MANY);
    const [row] = await database.owner.query(
      `SELECT count(DISTINCT data ->> 'id')::int AS count FROM outbox WHERE name = 'DeadLetterReplayed'`,
    );
    expect(row).toEqual({ count: MANY });
  },
  TIMEOUT_MS,
);
