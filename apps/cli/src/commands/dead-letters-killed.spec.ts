import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { pathToFileURL } from 'node:url';
import { buryAs } from '../spec/bury.js';
import { runCommand } from '../spec/run-command.js';

const INGEST = 'backup-awareness.ingest';
/** As a URL, since a blank in a path ends an option of NODE_OPTIONS. */
const KILLER = pathToFileURL('src/spec/kill-at-write.mjs').href;

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

const environment = () => ({
  DATABASE_URL: database.ownerUrl,
  AMQP_URL: broker.amqpUrl,
  REPLAY_AMQP_PASSWORD: new URL(broker.urlOf('replay')).password,
});

/** As the broker's administrator; the letters stay. */
async function idsInQueue(): Promise<string[]> {
  const connection = await connect(broker.amqpUrl);
  try {
    const channel = await connection.createChannel();
    const ids: string[] = [];
    for (;;) {
      const message = await channel.get(`${INGEST}.dead`);
      if (!message) return ids;
      ids.push(String(message.properties.headers?.['x-dead-letter-id']));
    }
  } finally {
    await connection.close();
  }
}

async function idsRecorded(): Promise<string[]> {
  const rows: { id: string }[] = await database.owner.query(
    `SELECT data ->> 'id' AS id FROM outbox`,
  );
  return rows.map(({ id }) => id);
}

/** A cap for a hang on a slow machine: some seventy processes. */
const TIMEOUT_MS = 900_000;

test.each(['replay', 'discard'])(
  'wherever kill -9 ends %s, a letter is in its queue, or what was decided about it is recorded and done',
  async (command) => {
    const comment = command === 'discard' ? ['--comment', 'x'] : [];
    let killed = 0;
    for (let write = 1; ; write++) {
      const id = `${command} ${write}`;
      await broker.drain(`${INGEST}.dead`);
      await buryAs(broker.urlOf('ingest'), [{ id, body: id }]);
      const { exitCode, stdout } = await runCommand(
        ['dead-letters', command, '--all', ...comment],
        {
          ...environment(),
          NODE_OPTIONS: `--import=${KILLER}`,
          KILL_AT_WRITE: String(write),
        },
      );
      const replayed = (await broker.drain(INGEST)).map(({ content }) => content.toString());
      const isRecorded = (await idsRecorded()).includes(id);
      const isDone = isRecorded && (command === 'discard' || replayed.includes(id));
      // The broker requeues it a moment after the connection is lost.
      if (!isDone) await eventually(async () => expect(await idsInQueue()).toEqual([id]));
      if (exitCode === 0) {
        expect(stdout).toMatch(/^(Replayed|Discarded) 1 dead letter/);
        expect(await idsInQueue()).toEqual([]);
        break;
      }
      expect(exitCode).toBeNull();
      killed++;
    }
    expect(killed).toBeGreaterThan(20);
  },
  TIMEOUT_MS,
);
