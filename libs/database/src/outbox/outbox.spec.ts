import { engineAdded, settingChanged } from '@backup-awareness/contracts';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { inTransaction } from '../connection/in-transaction.js';
import {
  enqueue,
  OUTBOX_ATTEMPTS_MAX,
  readOutbox,
  recordFailure,
  removePublished,
} from './outbox.js';

let database: TestDatabase;
let checker: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  checker = await dataSourceFor(database.urls.checker).initialize();
});
afterAll(async () => {
  await checker?.destroy();
  await database?.drop();
});
beforeEach(() => database.owner.query('TRUNCATE outbox'));

const WHEN = '2026-01-01T10:00:00.123Z';
const added = engineAdded({
  who: 'a "quoted" \\ name',
  what: 'engine',
  from: null,
  to: 'watched',
  when: WHEN,
  fqdn: 'engine.example.com',
});
const changed = settingChanged({ who: 'root', what: 'x', from: '1', to: '2', when: WHEN });

test('events are read as they were added, in order', async () => {
  await inTransaction(checker, async (manager) => {
    await enqueue(manager, [added, changed]);
    await enqueue(manager, []);
  });
  const pending = await readOutbox(checker, 10);
  expect(pending.map(({ event }) => event)).toEqual([added, changed]);
  expect(await readOutbox(checker, 1)).toEqual([pending[0]]);
});

test('an event that quotes a NUL or half a character is stored with U+FFFD in its place', async () => {
  const quoting = settingChanged({
    who: 'root',
    what: 'x\u0000',
    from: 'a \\u0000',
    to: '\ud800',
    when: WHEN,
  });
  await inTransaction(checker, (manager) => enqueue(manager, [added, quoting]));
  const [first, second] = await readOutbox(checker, 10);
  expect(first!.event).toEqual(added);
  expect(second!.event.data).toMatchObject({ what: 'x\ufffd', from: 'a \\u0000', to: '\ufffd' });
});

test('a rolled back transaction adds no events', async () => {
  const failing = inTransaction(checker, async (manager) => {
    await enqueue(manager, [added]);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await readOutbox(checker, 10)).toEqual([]);
});

test('a published event is gone', async () => {
  await enqueue(checker, [added, changed]);
  const [first, second] = await readOutbox(checker, 10);
  await removePublished(checker, [first?.id ?? '']);
  await removePublished(checker, []);
  expect(await readOutbox(checker, 10)).toEqual([second]);
});

test('the tenth failure sets an event aside, and the others stay pending', async () => {
  await enqueue(checker, [added, changed]);
  const [first] = await readOutbox(checker, 1);
  for (let attempt = 1; attempt <= OUTBOX_ATTEMPTS_MAX; attempt++)
    expect(await recordFailure(checker, first?.id ?? '', 'x'.repeat(5_000))).toEqual({
      attempts: attempt,
      isSetAside: attempt === 10,
    });
  expect((await readOutbox(checker, 10)).map(({ event }) => event)).toEqual([changed]);
  const [row] = await database.owner.query(
    'SELECT length(last_error) AS length FROM outbox WHERE set_aside_at IS NOT NULL',
  );
  expect(row).toEqual({ length: 1_000 });
});

test('a failure of an event that is gone is ignored', async () => {
  expect(await recordFailure(checker, '1', 'late')).toBeUndefined();
});
