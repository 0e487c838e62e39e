import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { connect, type ChannelModel } from 'amqplib';
import { storeReports, type StoredReports } from '../spec/store-reports.js';
import { publishReports } from './publish-reports.js';

const HOUR_MS = 3_600_000;

let database: TestDatabase;
let broker: TestBroker;
let ingest: StoredReports;
let connection: ChannelModel;
beforeAll(async () => {
  database = await createTestDatabase();
  broker = await createTestBroker();
  ingest = await storeReports(broker, database);
  connection = await connect(broker.amqpUrl);
});
afterAll(async () => {
  await connection?.close();
  await ingest?.stop();
  await broker?.drop();
  await database?.drop();
});

const user = () => decodeURIComponent(new URL(broker.amqpUrl).username);

test.each([
  ['three hours ahead', 3],
  ['right', 0],
])(
  'dated by a clock that is %s, a success of 20 hours ago is 20 hours old',
  async (_, aheadHours) => {
    const fqdn = `ahead-${aheadHours}.example.com`;
    const clock = () => new Date(Date.now() + aheadHours * HOUR_MS);
    const doneAt = new Date(clock().getTime() - 20 * HOUR_MS).toISOString().replace('Z', '000Z');
    const success = { fqdn, scope: 'db', doneAt, outputMessage: '', logPath: '', rows: 1 };
    await publishReports(connection, user(), [success], { clock, show: () => undefined });
    await eventually(async () => {
      const rows = await database.owner.query(
        `SELECT round(extract(epoch FROM now() - counted_at) / 3600)::int AS hours FROM engine_last_success WHERE fqdn = $1`,
        [fqdn],
      );
      expect(rows).toEqual([{ hours: 20 }]);
    });
  },
);

test('more than go at once are published in parts, and it is shown how far it is', async () => {
  const doneAt = '2026-11-23T04:05:06.000000Z';
  const many = Array.from({ length: 1_200 }, (_, i) => ({
    fqdn: 'many.example.com',
    scope: `scope-${i}`,
    doneAt,
    outputMessage: '',
    logPath: '',
    rows: 1,
  }));
  const shown: unknown[] = [];
  await publishReports(connection, user(), many, {
    clock: () => new Date(),
    show: (done, total) => shown.push([done, total]),
  });
  expect(shown).toEqual([
    [500, 1_200],
    [1_000, 1_200],
    [1_200, 1_200],
  ]);
  await eventually(async () => {
    const [row] = await database.owner.query(
      `SELECT count(*)::int AS count FROM engine_backup_log WHERE fqdn = 'many.example.com'`,
    );
    expect(row).toEqual({ count: 1_200 });
  });
});
