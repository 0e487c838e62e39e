import { seeUnknown } from '@backup-awareness/database';
import { readProductState } from '@backup-awareness/overview/state';
import { recordFullBackups, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { alertsIn } from '../spec/alerts-in-database.js';
import { DAY_MS, HOUR_MS } from '../spec/example-alert.js';
import { smtpCounterpart, type SmtpCounterpart } from '../spec/smtp-counterpart.js';
import { composeDigest, type DigestView } from './compose-digest.js';
import { readDigestView } from './digest-view.js';
import { digest } from './digest.js';
import { mailerOf } from './mailer.js';
import { isSchedule, scheduleOf } from './schedule.js';
import { useDatabase } from '../spec/use-database.js';

const { signal } = new AbortController();
const local = (text: string) => new Date(text).getTime();
const MONDAY_7 = local('2026-11-23T07:00:00');

let database: TestDatabase;
let db: DataSource;
let server: SmtpCounterpart;
useDatabase((opened) => ({ database, db } = opened));
beforeEach(async () => {
  await database.owner.query('TRUNCATE engine CASCADE');
  await checked('1 minute');
  server = await smtpCounterpart();
});
afterEach(() => server.close());

const checked = (ago: string) =>
  database.owner.query('UPDATE checker_state SET last_check_at = now() - $1::interval', [ago]);
const viewOf = () => readDigestView(db);
const replica = (view: () => Promise<DigestView> = viewOf) =>
  digest({
    db,
    mailer: mailerOf(
      server.url,
      { from: 'a@example.com', to: 'b@example.com' },
      { stepMs: 500, allMs: 1_500 },
    ),
    domain: 'example.com',
    schedule: scheduleOf('0 7 * * 1'),
    links: { console: undefined, runbooks: undefined },
    view,
  });
const turn = (destination: Destination, now: number) =>
  destination.round({ now, version: '1', unreadable: null }, signal);
const subjects = () => server.taken.map((mailed) => /^Subject: (.*)$/m.exec(mailed)?.[1]?.trim());

describe('a schedule', () => {
  it.each([
    ['0 7 * * 1', '2026-11-23T07:00:00', '2026-11-23T07:00:00'],
    ['0 7 * * 1', '2026-11-23T06:59:59', '2026-11-16T07:00:00'],
    ['*/5 * * * *', '2026-11-23T12:03:00', '2026-11-23T12:00:00'],
    ['0 0 1 1 *', '2026-11-23T12:00:00', '2026-01-01T00:00:00'],
  ])('%s was last due before %s at %s', (text, now, expected) => {
    expect(scheduleOf(text).latestUntil(local(now))).toBe(local(expected));
  });

  it.each(['', 'weekly', '61 * * * *', '0 7 * *'])('is not %j', (text) => {
    expect(isSchedule(text)).toBe(false);
  });
});

describe('the digest', () => {
  it('is sent once per scheduled time by any number of replicas, and not for times before the first start', async () => {
    const replicas = [replica(), replica()];
    const all = (now: number) => Promise.all(replicas.map((one) => turn(one, now)));
    await all(MONDAY_7 + HOUR_MS);
    await all(MONDAY_7 + DAY_MS);
    expect(server.taken).toEqual([]);
    await all(MONDAY_7 + 7 * DAY_MS);
    await all(MONDAY_7 + 7 * DAY_MS + HOUR_MS);
    expect(subjects()).toEqual(['Backup Awareness: no engine is monitored']);
  });

  it('is sent late if no notifier was running at that time', async () => {
    await turn(replica(), MONDAY_7 + DAY_MS);
    await turn(replica(), MONDAY_7 + 9 * DAY_MS);
    expect(server.taken).toHaveLength(1);
  });

  it('is retried until it is accepted; only the latest of several is sent', async () => {
    const one = replica();
    await turn(one, MONDAY_7 + HOUR_MS);
    server.behave('refuses');
    expect(await turn(one, MONDAY_7 + 7 * DAY_MS)).toMatchObject({ failed: 1 });
    expect(await turn(one, MONDAY_7 + 14 * DAY_MS)).toMatchObject({ failed: 1 });
    server.behave('takes');
    await turn(one, MONDAY_7 + 14 * DAY_MS + HOUR_MS);
    await turn(one, MONDAY_7 + 14 * DAY_MS + 2 * HOUR_MS);
    expect(server.taken).toHaveLength(1);
  });

  it('that cannot be composed, since the status cannot be read, fails and is retried', async () => {
    let isReadable = false;
    const one = replica(() => (isReadable ? viewOf() : Promise.reject(new Error('no such row'))));
    await turn(one, MONDAY_7 + HOUR_MS);
    expect(await turn(one, MONDAY_7 + 7 * DAY_MS)).toMatchObject({
      failed: 1,
      error: 'the status cannot be read: no such row',
    });
    isReadable = true;
    expect(await turn(one, MONDAY_7 + 7 * DAY_MS + HOUR_MS)).toMatchObject({ told: 1 });
  });

  it('shows the status, and which engines have an alert', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn) VALUES ('engine.example.com'), ('other')`,
    );
    await alertsIn(database).raise({ at: Date.now() - HOUR_MS });
    const one = replica();
    await turn(one, MONDAY_7 + HOUR_MS);
    await turn(one, MONDAY_7 + 7 * DAY_MS);
    expect(subjects()).toEqual(['Backup Awareness: 2 of 2 engines without a fresh full backup']);
    expect(server.taken[0]).toContain('1 active alert:');
    expect(server.taken[0]).toContain('2 engines monitored, 0 fresh');
  });

  it('is sent also if all is well, with the coverage of the month', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn, watched_since) VALUES ('engine.example.com', now() - interval '60 days')`,
    );
    for (let day = 0; day < 60; day++)
      await recordFullBackups(database, 'engine.example.com', {
        countedAt: Date.now() - day * DAY_MS - HOUR_MS,
      });
    const one = replica();
    await turn(one, MONDAY_7 + HOUR_MS);
    await turn(one, MONDAY_7 + 7 * DAY_MS);
    expect(subjects()).toEqual(['Backup Awareness: the engine has a fresh full backup']);
    expect(server.taken[0]).toContain('100 % covered, no gaps');
    expect(server.taken[0]).toContain('<h2>Coverage in');
  });

  it('says so if the coverage is unknown', async () => {
    const product = await readProductState(db);
    const { text } = composeDigest(
      { product, unknown: null, coverage: 'the clock was set back' },
      { console: undefined, runbooks: undefined },
    );
    expect(text).toContain('Coverage:\n\n- Unknown: the clock was set back');
  });

  it.each([
    ['a check is overdue', 'The check due at', () => checked('40 days')],
    [
      'no check has ever been made',
      'No check has been made yet',
      () => database.owner.query('UPDATE checker_state SET last_check_at = NULL'),
    ],
  ])(
    'never says that all is well while %s, although that is not recorded',
    async (_, why, make) => {
      const one = replica();
      await turn(one, MONDAY_7 + HOUR_MS);
      await make();
      await turn(one, MONDAY_7 + 7 * DAY_MS);
      expect(subjects()).toEqual(['Backup Awareness: the backup status is unknown']);
      expect(server.taken[0]).toContain(why);
    },
  );

  it('never says that all is well while the status is unknown', async () => {
    const one = replica();
    await turn(one, MONDAY_7 + HOUR_MS);
    await seeUnknown(db, MONDAY_7, { sinceAt: MONDAY_7, reason: 'The clock was set back.' });
    await turn(one, MONDAY_7 + 7 * DAY_MS);
    expect(subjects()).toEqual(['Backup Awareness: the backup status is unknown']);
    expect(server.taken[0]).toContain('The clock was set back.');
  });
});
