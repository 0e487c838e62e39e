import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { forgetDestinations } from './forget-destinations.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(() => database.owner.query('TRUNCATE notification_destination'));

const seen = (destination: string, before: string) =>
  database.owner.query(
    'INSERT INTO notification_destination (destination, seen_at) VALUES ($1, now() - $2::interval)',
    [destination, before],
  );
const names = async () =>
  (await database.owner.query('SELECT destination FROM notification_destination')).map(
    ({ destination }: { destination: string }) => destination,
  );

test('given an installation without a notifier, it forgets what its notifier served until it was stopped, and what the clock has moved ahead', async () => {
  await seen('mail', '1 hour');
  await seen('webhook', '1 second');
  await seen('oVirt', '-1 hour');
  await forgetDestinations(database.ownerUrl, false);
  expect(await names()).toEqual([]);
});

test('given a database that another installation may use, it keeps what was served a moment ago', async () => {
  await seen('mail', '1 hour');
  await seen('webhook', '1 second');
  await forgetDestinations(database.ownerUrl, true);
  expect(await names()).toEqual(['webhook']);
});
