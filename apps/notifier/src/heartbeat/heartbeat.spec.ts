import type { ServiceReadiness } from '@backup-awareness/overview/surroundings';
import type { TestDatabase } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { answeringServer, type AnsweringServer } from '../spec/answering-server.js';
import { MINUTE_MS } from '../spec/example-alert.js';
import { useDatabase } from '../spec/use-database.js';
import { heartbeat } from './heartbeat.js';

const { signal } = new AbortController();

let database: TestDatabase;
let db: DataSource;
let server: AnsweringServer;
/** A monotonic clock, which is that of the database, too: all instants there are moved with it. */
let clockMs: number;
let unready: readonly ServiceReadiness[];
const log: string[] = [];
useDatabase((opened) => ({ database, db } = opened));
beforeAll(() =>
  Logger.overrideLogger({
    log: () => undefined,
    warn: (message: unknown) => log.push(String(message)),
    error: () => undefined,
  }),
);
beforeEach(async () => {
  server = await answeringServer();
  clockMs = 0;
  unready = [];
  log.length = 0;
  await database.owner.query(
    'UPDATE checker_state SET last_check_at = now(), latest_now_at = now()',
  );
  await database.owner.query('UPDATE heartbeat SET beaten_at = NULL');
  await proven();
});
afterEach(() => server.close());

const replica = (path = '/ping') =>
  heartbeat({
    url: `${server.url}${path}`,
    db,
    services: { unreadyFor: () => unready },
    clock: () => clockMs,
  });
/** Each stage was proven a minute ago, but for those that are given. */
const proven = (fields: Readonly<Record<string, string>> = {}) => {
  const stages = ['decided_at', 'relayed_at', 'recorded_at', 'answered_at'];
  const columns = stages.map(
    (name) => `${name} = ${fields[name] ?? `now() - interval '1 minute'`}`,
  );
  return database.owner.query(`UPDATE heartbeat SET ${columns.join()}`);
};
const OLD = `now() - interval '121 seconds'`;
async function pass(ms: number): Promise<void> {
  clockMs += ms;
  await database.owner.query(
    `UPDATE heartbeat SET beaten_at = beaten_at - $1 * interval '1 millisecond'`,
    [ms],
  );
}
async function round(...replicas: readonly Destination[]) {
  const [{ now }] = await database.owner.query(
    `SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`,
  );
  const pulse = { now: now as number, version: '1', unreadable: null };
  return Promise.all(replicas.map((one) => one.round(pulse, signal)));
}
/** A round of each replica while the database has not answered for so long. */
const roundWithout = (lastsMs: number, ...replicas: readonly Destination[]) => {
  const unreadable = { sinceAt: 0, error: 'connection refused' };
  return Promise.all(
    replicas.map((one) => one.round({ now: lastsMs, version: null, unreadable }, signal)),
  );
};
const requests = () => server.received.map(({ method, path }) => `${method} ${path}`);
const reasons = () => server.received.map(({ body }) => body);

describe('the heartbeat', () => {
  it('is a GET once a minute while every stage was proven in the last two minutes', async () => {
    const one = replica();
    expect(await round(one)).toMatchObject([{ told: 1, error: null }]);
    await pass(MINUTE_MS - 1);
    await round(one);
    expect(requests()).toEqual(['GET /ping']);
    await pass(1);
    await round(one);
    expect(requests()).toEqual(['GET /ping', 'GET /ping']);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no decision was made', { decided_at: OLD }, /^No decision was made since .* UTC\. .*checker/],
    ['the outbox is stuck', { relayed_at: OLD }, /^The outbox was not published since .* UTC\./],
    ['audit records nothing', { recorded_at: OLD }, /^Audit has not recorded an event since/],
    ['ingest does not answer', { answered_at: 'NULL' }, /^Ingest has not answered .* settings yet/],
  ])('is a POST of the reason to /fail while %s', async (_, fields, reason) => {
    const one = replica();
    await proven(fields);
    await pass(2 * MINUTE_MS);
    await round(one);
    expect(requests()).toEqual(['POST /ping/fail']);
    expect(reasons()[0]).toMatch(reason);
    expect(log).toEqual([expect.stringMatching(/^not all is proven: /)]);
    await proven();
    await pass(MINUTE_MS);
    await round(one);
    expect(requests()).toEqual(['POST /ping/fail', 'GET /ping']);
  });

  it('names services that are not ready, and checks that are not made', async () => {
    const one = replica('/ping/?key=1');
    unready = [{ name: 'ingest', url: '', unready: { kind: 'no_answer', error: 'refused' } }];
    await database.owner.query(
      `UPDATE checker_state SET last_check_at = now() - interval '7 hours'`,
    );
    await pass(2 * MINUTE_MS);
    await round(one);
    expect(requests()).toEqual(['POST /ping/fail?key=1']);
    expect(reasons()[0]).toMatch(/The check due at .* ingest does not answer: refused\./);
  });

  it('says nothing of what is not proven until two minutes after its start', async () => {
    const one = replica();
    await proven({ decided_at: OLD });
    await round(one);
    await pass(2 * MINUTE_MS - 1);
    await round(one);
    expect(requests()).toEqual([]);
    await pass(5_000);
    await round(one);
    expect(requests()).toEqual(['POST /ping/fail']);
  });

  it('of three replicas is one a minute', async () => {
    const replicas = [replica(), replica(), replica()];
    for (let minute = 1; minute <= 3; minute++) {
      await round(...replicas);
      await pass(5_000);
      await round(...replicas);
      expect(requests()).toHaveLength(minute);
      await pass(MINUTE_MS - 5_000);
    }
  });

  it('that one replica could not send is left to another, and tried again', async () => {
    server.answer({ status: 503 });
    const [one, other] = [replica(), replica()];
    expect(await round(one)).toMatchObject([{ failed: 1, error: 'answered 503' }]);
    server.answer({ status: 200 });
    await round(other);
    expect(requests()).toEqual(['GET /ping', 'GET /ping']);
    await pass(MINUTE_MS);
    await round(one);
    expect(requests()).toHaveLength(3);
  });

  it('follows no redirect, and no error shows its URL', async () => {
    const location = `${server.url}/elsewhere/ping`;
    server.answer({ status: 302, headers: { location } });
    const [moved] = await round(replica());
    server.answer({ status: 404, body: 'no check at /ping' });
    const [gone] = await round(replica());
    expect(requests()).toEqual(['GET /ping', 'GET /ping']);
    expect([moved!.error, gone!.error].join()).not.toMatch(/ping/);
    expect(moved!.error).toContain('answered 302');
  });

  describe('while the database does not answer', () => {
    it('is silent for two minutes, and then a POST of each replica each minute', async () => {
      const replicas = [replica(), replica()];
      await roundWithout(2 * MINUTE_MS - 1, ...replicas);
      expect(requests()).toEqual([]);
      await roundWithout(2 * MINUTE_MS, ...replicas);
      await roundWithout(2 * MINUTE_MS + 1, ...replicas);
      expect(requests()).toEqual(['POST /ping/fail', 'POST /ping/fail']);
      expect(reasons()[0]).toBe('The database cannot be read or written: connection refused.');
      await pass(MINUTE_MS);
      await roundWithout(3 * MINUTE_MS, ...replicas);
      expect(requests()).toHaveLength(4);
    });

    it('is a GET again once everything is proven', async () => {
      const one = replica();
      await roundWithout(2 * MINUTE_MS, one);
      await pass(MINUTE_MS);
      await round(one);
      expect(requests()).toEqual(['POST /ping/fail', 'GET /ping']);
    });
  });
});
