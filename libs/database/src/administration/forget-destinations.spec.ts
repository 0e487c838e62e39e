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

test('given an installation without a notifier, it forgets what none has served for seven days, by whichever clock, and nothing else', async () => {
  await seen('mail', '8 days');
  await seen('webhook', '6 days');
  await seen('oVirt', '-8 days');
  await forgetDestinations(database.ownerUrl);
  expect(await names()).toEqual(['webhook']);
});
