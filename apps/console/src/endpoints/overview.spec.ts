import { eventually } from '@backup-awareness/testing';
import { storeFleet } from '../spec/store-fleet.js';
import { useConsole, type ServedConsole } from '../spec/use-console.js';
import { ENDPOINTS } from './endpoints.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const API = '/api/v1';
const get = (path: string, headers: Record<string, string> = {}) =>
  served.ask('GET', `${API}${path}`, { headers });
const valid = (method: string, path: string, answer: unknown) =>
  ENDPOINTS.find((one) => one.method === method && one.path === path)!.answer!.parse(answer);

beforeAll(() => storeFleet(served.database));

test('the overview counts engines, and says that nothing is known before the first check', async () => {
  const { json } = await get('/overview');
  valid('GET', '/overview', json);
  expect(json).toMatchObject({
    trust: { known: false, reasons: [{ kind: 'never_checked' }] },
    counts: { watched: 4, fresh: 2, too_old: 1, no_full_backup: 1 },
    next_to_turn: { fqdn: 'fresh.example.com' },
  });
  expect(json.worst[0]).toMatchObject({ fqdn: 'none.example.com', verdict: 'no_full_backup' });
});

test('the wall holds every monitored engine once, the worst first', async () => {
  const { json } = await get('/wall');
  valid('GET', '/wall', json);
  expect(json.engines).toEqual([
    ['none.example.com', 'no_full_backup', null],
    ['old.example.com', 'too_old', expect.any(Number)],
    ['fresh.example.com', 'fresh', expect.any(Number)],
    ['fresher.example.com', 'fresh', expect.any(Number)],
  ]);
  const [, [, , old], [, , fresh], [, , fresher]] = json.engines;
  expect(old).toBeGreaterThan(1);
  expect(fresh).toBeGreaterThan(fresher);
});

test.each([
  ['gzip', 'gzip'],
  ['br;q=1.0, GZIP;q=0.5', 'gzip'],
  ['br', null],
  ['gzip;q=0, *', null],
  ['identity', null],
])('the wall for a client that takes %j is sent as %j', async (accepted, sentAs) => {
  const { json, headers } = await get('/wall', { 'accept-encoding': accepted });
  valid('GET', '/wall', json);
  expect(json.engines).toHaveLength(4);
  expect(headers.get('content-encoding')).toBe(sentAs);
  expect(headers.get('vary')).toBe('accept-encoding');
});

test('a forecast lists as many engines as are asked for, the first to turn first, and counts all of them', async () => {
  const all = (await get('/forecast')).json;
  valid('GET', '/forecast', all);
  const names = ({ engines }: typeof all) => engines.map(({ fqdn }: { fqdn: string }) => fqdn);
  expect(names(all)).toEqual(['fresh.example.com', 'fresher.example.com']);
  const first = (await get('/forecast?limit=1')).json;
  expect(names(first)).toEqual(['fresh.example.com']);
  const none = (await get('/forecast?limit=0')).json;
  expect(names(none)).toEqual([]);
  for (const { by_hour } of [first, none]) expect(by_hour).toEqual(all.by_hour);
});

test('a change is in the next answers about all engines', async () => {
  const { owner } = served.database;
  const first = (json: { engines: [string, string][] }) => json.engines[0]!.slice(0, 2);
  expect(first((await get('/wall')).json)).toEqual(['none.example.com', 'no_full_backup']);
  await owner.query(`UPDATE engine SET retired_at = now() WHERE fqdn = 'none.example.com'`);
  expect(first((await get('/wall')).json)).toEqual(['old.example.com', 'too_old']);
  expect((await get('/overview')).json.counts).toMatchObject({ watched: 3, no_full_backup: 0 });
  await owner.query(`UPDATE engine SET retired_at = NULL WHERE fqdn = 'none.example.com'`);
  expect((await get('/engines')).json.items[0]).toMatchObject({ fqdn: 'none.example.com' });
});

test('after a check in time the overview is known', async () => {
  await served.database.owner.query('UPDATE checker_state SET last_check_at = now()');
  await eventually(async () =>
    expect((await get('/overview')).json.trust).toMatchObject({ known: true, reasons: [] }),
  );
});

const PROVEN =
  'UPDATE heartbeat SET decided_at = now(), relayed_at = now(), recorded_at = now(), answered_at = now()';

test.each([
  ['engines are no longer checked', 'decided_at', 'decision'],
  ['reports are no longer stored', 'answered_at', 'ingest'],
])('while %s the overview is not known', async (_, column, stage) => {
  const { owner } = served.database;
  await owner.query(PROVEN);
  await owner.query(`UPDATE heartbeat SET ${column} = now() - interval '3 minutes'`);
  const { json } = await get('/overview');
  valid('GET', '/overview', json);
  expect(json.trust).toMatchObject({
    known: false,
    reasons: [
      { kind: 'stage_unproven', parameters: { stage }, instants: { provenAt: expect.any(String) } },
    ],
    warnings: [],
  });
  await owner.query(PROVEN);
  expect((await get('/overview')).json.trust).toMatchObject({ known: true, reasons: [] });
});

test.each(['refuse', 'hang'] as const)(
  'while the broker cannot be reached (%s) the overview is not known',
  async (how) => {
    served.proxy[how]();
    await eventually(async () => {
      const { trust } = (await get('/overview')).json;
      expect(trust).toMatchObject({
        known: false,
        reasons: [{ kind: 'broker_unreachable', parameters: { host: expect.any(String) } }],
      });
    });
    served.proxy.mend();
    await eventually(async () => expect((await get('/overview')).json.trust.known).toBe(true));
  },
);

test('the overview warns while events are not published or recorded, or are set aside, and is still known', async () => {
  const { owner } = served.database;
  const warnings = async () => {
    const { json } = await get('/overview');
    valid('GET', '/overview', json);
    expect(json.trust.known).toBe(true);
    return json.trust.warnings;
  };
  await owner.query(PROVEN);
  expect(await warnings()).toEqual([]);
  await owner.query(`UPDATE heartbeat SET relayed_at = now() - interval '3 minutes'`);
  expect(await warnings()).toMatchObject([
    {
      kind: 'stage_unproven',
      parameters: { stage: 'relay' },
      instants: { provenAt: expect.any(String) },
    },
  ]);
  await owner.query('UPDATE heartbeat SET answered_at = NULL, relayed_at = NULL');
  // Nothing is missed where all engines are new.
  expect(await warnings()).toEqual([]);
  await owner.query(`UPDATE engine SET watched_since = now() - interval '1 hour'`);
  await owner.query(
    `INSERT INTO outbox (event_id, name, exchange, routing_key, source, subject, time, data, set_aside_at)
     VALUES ('set-aside', 'x', 'x', 'x', 'x', 'x', now(), '{}', now())`,
  );
  expect(await warnings()).toMatchObject([
    { parameters: { stage: 'relay' }, instants: {} },
    { parameters: { stage: 'ingest' }, instants: {} },
    { kind: 'events_set_aside', parameters: { count: 1 } },
  ]);
  await owner.query(`DELETE FROM outbox WHERE event_id = 'set-aside'`);
});

test('the overview warns of destinations that no notifier serves, or that do not accept what they are sent, and is still known', async () => {
  const { owner } = served.database;
  await owner.query(
    `INSERT INTO notification_destination (destination, seen_at, failing_since, last_error)
     VALUES ('mail', now() - interval '6 minutes', NULL, NULL), ('ovirt', now(), NULL, NULL),
       ('webhook', now(), now() - interval '6 minutes', 'HTTP status 500')`,
  );
  const { trust } = (await get('/overview')).json;
  expect(trust.known).toBe(true);
  expect(
    trust.warnings.filter(({ kind }: { kind: string }) => kind.startsWith('destination_')),
  ).toEqual([
    {
      kind: 'destination_unserved',
      parameters: { destination: 'mail' },
      instants: { seenAt: expect.any(String) },
    },
    {
      kind: 'destination_failing',
      parameters: { destination: 'webhook', error: 'HTTP status 500' },
      instants: { failingSince: expect.any(String) },
    },
  ]);
  await owner.query('DELETE FROM notification_destination');
});

test('while a check is overdue the overview is not known', async () => {
  await served.database.owner.query(
    `UPDATE checker_state SET last_check_at = now() - interval '7 hours'`,
  );
  expect((await get('/overview')).json.trust).toMatchObject({
    known: false,
    reasons: [{ kind: 'check_overdue' }],
  });
});
