import type { TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { alertsIn } from '../spec/alerts-in-database.js';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW } from '../spec/example-alert.js';
import { smtpCounterpart, type SmtpCounterpart } from '../spec/smtp-counterpart.js';
import { mail } from './mail.js';
import { mailerOf } from './mailer.js';
import { useDatabase } from '../spec/use-database.js';

const { signal } = new AbortController();
const LINKS = { console: undefined, runbooks: undefined };

let database: TestDatabase;
let db: DataSource;
let server: SmtpCounterpart;
let versions = 0;
useDatabase((opened) => ({ database, db } = opened));
beforeEach(async () => {
  server = await smtpCounterpart();
});
afterEach(() => server.close());

const ADDRESSES = { from: 'backup-awareness@example.com', to: 'a@example.com,b@example.com' };
const replica = (url = server.url) =>
  mail({
    db,
    mailer: mailerOf(url, ADDRESSES, { stepMs: 500, allMs: 1_500 }),
    domain: 'example.com',
    links: LINKS,
  });
const turn = (destination: Destination, now: number) =>
  destination.round({ now, version: String(++versions), unreadable: null }, signal);
const header = (name: string) =>
  server.taken.map((mailed) =>
    new RegExp(`^${name}: (.*(?:\\r\\n .*)*)`, 'im').exec(mailed)?.[1]?.replace(/\r\n /g, ' '),
  );

describe('mail', () => {
  it('is sent at once in plain text and HTML; what follows within two minutes is gathered into one', async () => {
    const one = replica();
    await alertsIn(database).raise({ fqdn: 'engine-1' });
    expect(await turn(one, NOW)).toMatchObject({ told: 1, error: null });
    expect(header('To')).toEqual(['a@example.com, b@example.com']);
    expect(server.taken[0]).toContain('Content-Type: text/plain');
    expect(server.taken[0]).toContain('Content-Type: text/html');
    await alertsIn(database).raise({ fqdn: 'engine-2' });
    await turn(one, NOW + 1_000);
    await alertsIn(database).raise({ fqdn: 'engine-3' });
    await turn(one, NOW + MINUTE_MS);
    await turn(one, NOW + 2 * MINUTE_MS);
    expect(header('Subject')).toEqual([
      'Backup Awareness: engine-1 has no full backup',
      'Backup Awareness: 2 new alerts',
    ]);
  });

  it('reports an alert and its clearing once each, with any number of replicas', async () => {
    const replicas = [replica(), replica(), replica()];
    const all = (now: number) => Promise.all(replicas.map((one) => turn(one, now)));
    const alert = await alertsIn(database).raise();
    await all(NOW);
    await all(NOW + 2 * MINUTE_MS);
    await all(NOW + HOUR_MS);
    await alertsIn(database).clear(alert, NOW + HOUR_MS);
    await all(NOW + HOUR_MS);
    await all(NOW + HOUR_MS + 2 * MINUTE_MS);
    expect(header('Subject')).toEqual([
      'Backup Awareness: engine.example.com has no full backup',
      'Backup Awareness: engine.example.com: alert cleared',
    ]);
  });

  it('omits dismissed alerts', async () => {
    const alert = await alertsIn(database).raise();
    const one = replica();
    server.behave('refuses');
    await turn(one, NOW);
    server.behave('takes');
    await alertsIn(database).dismiss(alert);
    await turn(one, NOW + 2 * MINUTE_MS);
    await turn(one, NOW + HOUR_MS);
    expect(server.taken).toEqual([]);
  });

  it('has an alert again when its dismissal ends, and then its clearing', async () => {
    const alert = await alertsIn(database).raise();
    const one = replica();
    await turn(one, NOW);
    await alertsIn(database).dismiss(alert, { until: NOW + HOUR_MS });
    await turn(one, NOW + HOUR_MS - 1);
    await turn(one, NOW + HOUR_MS);
    await turn(one, NOW + 2 * HOUR_MS);
    await alertsIn(database).clear(alert, NOW + 3 * HOUR_MS);
    await turn(one, NOW + 3 * HOUR_MS);
    expect(header('Subject')).toEqual([
      'Backup Awareness: engine.example.com has no full backup',
      'Backup Awareness: engine.example.com has no full backup, no longer dismissed',
      'Backup Awareness: engine.example.com: alert cleared',
    ]);
  });

  it.each([
    ['refuses', 'no such user'],
    ['stalls', 'Timeout'],
    ['closes', 'Connection closed'],
  ] as const)('that a server %s is retried until it is accepted', async (behaviour, error) => {
    await alertsIn(database).raise();
    const one = replica();
    server.behave(behaviour);
    const failed = await turn(one, NOW);
    expect(failed).toMatchObject({ told: 0, failed: 1 });
    expect(failed.error).toContain(error);
    server.behave('takes');
    expect(await turn(one, NOW + MINUTE_MS)).toMatchObject({ told: 1 });
  });

  it('that is accepted for some recipients only is sent once, and fails with the names of the others', async () => {
    await alertsIn(database).raise();
    const one = replica();
    server.behave('refuses some');
    const { told, error } = await turn(one, NOW);
    expect({ told, error }).toEqual({
      told: 1,
      error: 'not accepted for b@example.com: 550 no such user',
    });
    await turn(one, NOW + HOUR_MS);
    expect(server.taken).toHaveLength(1);
  });

  it('with a password is not sent without TLS to another host; without one, it is', async () => {
    await alertsIn(database).raise();
    // Not a loopback address, but it leads to this host.
    const { port } = new URL(server.url);
    const refused = await turn(replica(`smtp://user:password@0.0.0.0:${port}`), NOW);
    expect(refused.error).toContain('STARTTLS');
    expect(server.taken).toEqual([]);
    expect(await turn(replica(`smtp://0.0.0.0:${port}`), NOW + HOUR_MS)).toMatchObject({ told: 1 });
  });

  it('that may have been accepted is sent again with the same id, and news separately', async () => {
    await alertsIn(database).raise({ fqdn: 'engine-1' });
    const one = replica();
    server.behave('stalls');
    await turn(one, NOW);
    await alertsIn(database).raise({ fqdn: 'engine-2' });
    server.behave('takes');
    await turn(one, NOW + 5 * MINUTE_MS);
    await turn(one, NOW + 8 * MINUTE_MS);
    const [first, again, second] = header('Message-ID');
    expect(again).toBe(first);
    expect(second).not.toBe(first);
    expect(header('Subject').at(-1)).toContain('engine-2');
  });

  it.each(['alone', 'with that of another engine'])(
    'that may have been accepted, of an alert that was replaced meanwhile, is followed by one about the replacement: %s',
    async (how) => {
      const first = await alertsIn(database).raise();
      if (how !== 'alone') await alertsIn(database).raise({ fqdn: 'other' });
      const one = replica();
      server.behave('closes');
      await turn(one, NOW);
      await alertsIn(database).clear(first, NOW + 1_000, 'superseded');
      await alertsIn(database).raise({ alert: 'ENGINE_NO_WARM_BACKUP', sequence: 3 });
      server.behave('takes');
      for (let minute = 1; minute < 20; minute++) await turn(one, NOW + minute * MINUTE_MS);
      expect(header('Subject').at(-1)).toBe(
        'Backup Awareness: The last full backup of engine.example.com is too old',
      );
      expect(server.taken).toHaveLength(how === 'alone' ? 1 : 2);
    },
  );

  it('has no replacement of an alert that was mailed, and nothing remains pending', async () => {
    const one = replica();
    const first = await alertsIn(database).raise();
    await turn(one, NOW);
    await alertsIn(database).clear(first, NOW + 1_000, 'superseded');
    await alertsIn(database).raise({ alert: 'ENGINE_NO_WARM_BACKUP', sequence: 3 });
    for (let minute = 1; minute < 5; minute++) await turn(one, NOW + minute * MINUTE_MS);
    expect(server.taken).toHaveLength(1);
    const pending = 'SELECT FROM notification WHERE settled_at IS NULL';
    expect(await database.owner.query(pending)).toEqual([]);
  });

  it('that could not be sent for a day becomes one mail about the present state', async () => {
    const one = replica();
    server.behave('refuses');
    const over = await alertsIn(database).raise({ fqdn: 'over' });
    await alertsIn(database).raise({ fqdn: 'lasting' });
    for (let now = NOW; now < NOW + DAY_MS; now += 10 * MINUTE_MS) {
      if (now === NOW + HOUR_MS) await alertsIn(database).clear(over, now);
      await turn(one, now);
    }
    server.behave('takes');
    await turn(one, NOW + DAY_MS + HOUR_MS);
    await turn(one, NOW + DAY_MS + 2 * HOUR_MS);
    expect(header('Subject')).toEqual([
      'Backup Awareness: lasting has no full backup, 1 alert came and went',
    ]);
  });

  it('is retried if the server cannot be reached', async () => {
    await alertsIn(database).raise();
    const failed = await turn(replica('smtp://127.0.0.1:1'), NOW);
    expect(failed.error).toContain('ECONNREFUSED');
  });
});
