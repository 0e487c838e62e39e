import type { Destination, Pulse } from '../destination.js';
import { answeringServer, type AnsweringServer } from '../spec/answering-server.js';
import { DAY_MS, exampleAlert, HOUR_MS, MINUTE_MS, NOW } from '../spec/example-alert.js';
import { alertmanager } from './alertmanager.js';
import type { PostableAlert } from './postable-alerts.js';
import type { AlertView } from './situation.js';

const NO_LINKS = { console: undefined, runbooks: undefined };
const { signal } = new AbortController();

let server: AnsweringServer;
let view: Omit<AlertView, 'endedAfter'>;
let askedFor: number[];
let isReadable: boolean;
beforeEach(async () => {
  server = await answeringServer();
  view = { alerts: [exampleAlert()], spells: [], monitored: 1 };
  askedFor = [];
  isReadable = true;
});
afterEach(() => server.close());

const destination = (path = '') =>
  alertmanager({
    url: server.url + path,
    links: NO_LINKS,
    read: (_now, endedAfter) => {
      askedFor.push(endedAfter);
      return isReadable ? Promise.resolve(view) : Promise.reject(new Error('no database'));
    },
  });
const noView = () => Promise.resolve(view);
const pulse = (now: number, version = '1'): Pulse => ({ now, version, unreadable: null });
const posted = (): PostableAlert[][] =>
  server.received.map(({ body }) => JSON.parse(body) as PostableAlert[]);

describe('a replica of Alertmanager', () => {
  it('gets alerts at its API, below the path of its URL', async () => {
    await destination('/am/').round(pulse(NOW), signal);
    expect(server.received[0]).toMatchObject({
      method: 'POST',
      path: '/am/api/v2/alerts',
      headers: { 'content-type': 'application/json' },
    });
  });

  it('has a name of its own, also beside another on the same host, and without its password', () => {
    const nameOf = (url: string) => alertmanager({ url, links: NO_LINKS, read: noView }).name;
    expect(
      ['http://am:9093', 'http://am:9093/a/', 'https://user:hidden@am/b?key=hidden'].map(nameOf),
    ).toEqual(['alertmanager am:9093', 'alertmanager am:9093/a', 'alertmanager am/b']);
  });

  it('gets all alerts again after a minute, and at once when something has changed', async () => {
    const one = destination();
    const count = async (now: number, version?: string) => {
      await one.round(pulse(now, version), signal);
      return server.received.length;
    };
    expect(await count(NOW)).toBe(1);
    expect(await count(NOW + MINUTE_MS - 1)).toBe(1);
    expect(await count(NOW + MINUTE_MS)).toBe(2);
    expect(await count(NOW + MINUTE_MS + 1, '2')).toBe(3);
  });

  it('gets all alerts again at once when the clock was set back', async () => {
    const one = destination();
    await one.round(pulse(NOW), signal);
    await one.round(pulse(NOW - DAY_MS), signal);
    expect(server.received).toHaveLength(2);
  });

  it('gets ten thousand alerts in chunks of 500', async () => {
    const alerts = Array.from({ length: 10_000 }, (_, i) => exampleAlert({ fqdn: `engine-${i}` }));
    view = { alerts, spells: [], monitored: 10_000 };
    const round = await destination().round(pulse(NOW), signal);
    expect(posted().map(({ length }) => length)).toEqual([...Array(20).fill(500), 1]);
    expect(round).toMatchObject({ told: 10_001, failed: 0, error: null });
  });

  it('gets the other chunks when it refuses one, and gets that one again only after a minute', async () => {
    const alerts = Array.from({ length: 1_100 }, (_, i) => exampleAlert({ fqdn: `engine-${i}` }));
    view = { alerts, spells: [], monitored: 100_000 };
    server.answer(() =>
      server.received.length === 1 ? { status: 400, body: 'bad label' } : { status: 200 },
    );
    const one = destination();
    expect(await one.round(pulse(NOW), signal)).toMatchObject({
      told: 600,
      failed: 1,
      error: 'answered 400: bad label',
    });
    await one.round(pulse(NOW + 10_000), signal);
    expect(server.received).toHaveLength(3);
  });

  it.each([
    ['answers 500', { status: 500 }, 'answered 500'],
    ['hangs up', 'hang up', 'socket hang up'],
    [
      'redirects',
      { status: 301, headers: { location: 'http://127.0.0.1:1/' } },
      'answered 301 to http://127.0.0.1:1/: redirects are not followed, set the URL to the target',
    ],
  ] as const)('that %s is reported', async (_, answer, error) => {
    server.answer(answer);
    const round = await destination().round(pulse(NOW), signal);
    expect(round).toMatchObject({ failed: 1, error: expect.stringContaining(error) });
  });

  it.each([
    ['ahead', HOUR_MS],
    ['behind', -HOUR_MS],
  ])(
    'whose clock is an hour %s of the database’s gets times of its own clock, at once',
    async (_, aheadMs) => {
      const date = new Date(NOW + aheadMs).toUTCString();
      server.answer({ status: 200, headers: { date } });
      const one = destination();
      for (const now of [NOW, NOW + 1_000, NOW + 2_000]) await one.round(pulse(now), signal);
      expect(server.received).toHaveLength(2);
      const [{ startsAt, endsAt }] = posted()[1]! as [PostableAlert];
      expect(Date.parse(endsAt) - (NOW + aheadMs)).toBeGreaterThan(4 * MINUTE_MS);
      expect(Date.parse(endsAt) - (NOW + aheadMs)).toBeLessThan(6 * MINUTE_MS);
      expect(Date.parse(startsAt)).toBeLessThanOrEqual(NOW + aheadMs + MINUTE_MS);
    },
  );

  it('that was unavailable for a day gets what ended meanwhile, and no more requests than needed', async () => {
    const one = destination();
    await one.round(pulse(NOW), signal);
    server.answer({ status: 503 });
    for (let now = NOW + MINUTE_MS; now < NOW + DAY_MS; now += MINUTE_MS)
      await one.round(pulse(now), signal);
    expect(server.received.length).toBeLessThanOrEqual(1 + 24 * 60);
    server.answer({ status: 200 });
    await one.round(pulse(NOW + DAY_MS + MINUTE_MS), signal);
    expect(askedFor.at(-1)).toBe(NOW - 15 * MINUTE_MS);
    await one.round(pulse(NOW + DAY_MS + 3 * MINUTE_MS), signal);
    expect(askedFor.at(-1)).toBe(NOW + DAY_MS - 14 * MINUTE_MS);
  });
});

describe('while the database does not answer', () => {
  const silent = (now: number): Pulse => ({
    now,
    version: null,
    unreadable: { sinceAt: NOW, error: 'connection refused' },
  });

  it('active alerts are repeated, since Alertmanager would resolve them otherwise', async () => {
    const one = destination();
    await one.round(pulse(NOW), signal);
    isReadable = false;
    await one.round(silent(NOW + MINUTE_MS), signal);
    expect(posted()[1]).toMatchObject([
      {
        labels: { fqdn: 'engine.example.com' },
        endsAt: new Date(NOW + 6 * MINUTE_MS).toISOString(),
      },
    ]);
  });

  it('an alert says after five minutes that the status is unknown, and is resolved afterwards', async () => {
    const one = destination();
    const unknowns = async (how: Pulse) => {
      await one.round(how, signal);
      return posted()
        .at(-1)!
        .filter(({ labels }) => labels['alertname'] === 'BackupAwarenessUnknown')
        .map(({ annotations: { description }, endsAt }) => [description, Date.parse(endsAt) - NOW]);
    };
    expect(await unknowns(silent(NOW + 4 * MINUTE_MS))).toEqual([]);
    const said = 'The database cannot be read or written: connection refused.';
    expect(await unknowns(silent(NOW + 5 * MINUTE_MS))).toEqual([[said, 10 * MINUTE_MS]]);
    expect(await unknowns(pulse(NOW + 6 * MINUTE_MS))).toEqual([[said, 6 * MINUTE_MS]]);
    expect(await unknowns(pulse(NOW + 8 * MINUTE_MS))).toEqual([[said, 6 * MINUTE_MS]]);
    await unknowns(pulse(NOW + HOUR_MS));
    expect(await unknowns(pulse(NOW + HOUR_MS + MINUTE_MS))).toEqual([]);
  });
});

describe('while the alerts cannot be read, although the database answers', () => {
  const unreadable = async (one: Destination, now: number, version?: string) => {
    isReadable = false;
    return one.round(pulse(now, version), signal);
  };
  const names = () => posted().map((all) => all.map(({ labels }) => labels['alertname']));

  it('active alerts are repeated, and the error is that of the destination', async () => {
    const one = destination();
    await one.round(pulse(NOW), signal);
    const round = await unreadable(one, NOW + MINUTE_MS);
    expect(names()).toEqual([['EngineNoFullBackup'], ['EngineNoFullBackup']]);
    expect(round.error).toBe('the alerts cannot be read: no database');
  });

  it('an alert says after five minutes that the status is unknown, and is resolved afterwards', async () => {
    const one = destination();
    for (let minute = 0; minute <= 5; minute++) await unreadable(one, NOW + minute * MINUTE_MS);
    const said = 'The database cannot be read or written: no database.';
    expect(names().slice(0, -1).flat()).toEqual([]);
    expect(posted().at(-1)).toMatchObject([{ annotations: { description: said } }]);
    isReadable = true;
    await one.round(pulse(NOW + 6 * MINUTE_MS), signal);
    const { endsAt } = posted()
      .at(-1)!
      .find(({ labels }) => labels['alertname'] === 'BackupAwarenessUnknown')!;
    expect(endsAt).toBe(new Date(NOW + 6 * MINUTE_MS).toISOString());
  });

  it('they are read again with back-off, and not each second', async () => {
    const one = destination();
    for (let second = 0; second < 5; second++) await unreadable(one, NOW + second * 1_000);
    expect(askedFor).toHaveLength(1);
    isReadable = true;
    await one.round(pulse(NOW + 5_000), signal);
    expect(names().at(-1)).toEqual(['EngineNoFullBackup']);
  });
});
