import { randomUUID } from 'node:crypto';
import { logReports } from '@backup-awareness/database';
import { exampleReport } from '@backup-awareness/testing';
import { useConsole, type Answer, type ServedConsole } from '../spec/use-console.js';
import { ENDPOINTS } from './endpoints.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const get = (path: string) => served.ask('GET', `/api/v1${path}`);

async function everyPage(template: string, path: string): Promise<Answer['json'][]> {
  const { answer } = ENDPOINTS.find((one) => one.method === 'GET' && one.path === template)!;
  const items = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { json }: Answer = await get(`${path}${cursor && `&cursor=${cursor}`}`);
    answer!.parse(json);
    items.push(...json.items);
    cursor = json.next_cursor;
  }
  return items;
}

describe('the reports of an engine', () => {
  const fqdn = 'reports.example.com';
  const at = (minute: number) => `2026-01-01T10:${String(minute).padStart(2, '0')}:00.000001Z`;
  const reports = (query: string, name = fqdn) =>
    everyPage('/engines/{fqdn}/reports', `/engines/${name}/reports?${query}`);

  beforeAll(async () => {
    await served.database.owner.query('INSERT INTO engine (fqdn) VALUES ($1), ($2)', [
      fqdn,
      'silent.example.com',
    ]);
    const run = { fqdn, runId: 'run-1' };
    await logReports(served.database.owner, [
      exampleReport({ ...run, eventId: 'start', doneAt: at(1), isPassed: null }),
      exampleReport({ ...run, eventId: 'end', doneAt: at(3), reportedBy: 'host' }),
      exampleReport({ ...run, eventId: 'other', doneAt: at(3), scope: 'files', isPassed: false }),
      exampleReport({ fqdn, eventId: 'open', doneAt: at(4), isPassed: null, runId: 'run-2' }),
      exampleReport({ fqdn, eventId: 'alone', doneAt: at(5) }),
      exampleReport({ fqdn, eventId: 'ahead', doneAt: '2999-01-01T10:00:00Z' }),
      exampleReport({ eventId: 'another' }),
    ]);
  });

  test.each([1, 2, 100])('come in pages of %i, each once, the newest first', async (limit) => {
    expect((await reports(`limit=${limit}`)).map(({ event_id: id }) => id)).toEqual([
      ...['ahead', 'alone', 'open', 'end', 'other', 'start'],
    ]);
  });

  test('say how long a run took where its start and end are known', async () => {
    const of = Object.fromEntries((await reports('')).map((one) => [one.event_id, one]));
    expect(of.end).toMatchObject({
      status: 'completed',
      started_at: '2026-01-01T10:01:00.000Z',
      finished_at: '2026-01-01T10:03:00.000Z',
      duration_seconds: 120,
      reported_by: 'host',
    });
    expect(of.start).toMatchObject({ status: 'started', duration_seconds: 120 });
    expect(of.other).toMatchObject({ status: 'failed', started_at: null, duration_seconds: null });
    expect(of.open).toMatchObject({ finished_at: null, duration_seconds: null });
    expect(of.alone).toMatchObject({ started_at: null, duration_seconds: null });
  });

  test('say which instant counts', async () => {
    const of = Object.fromEntries((await reports('')).map((one) => [one.event_id, one]));
    expect(of.end).toMatchObject({ counted_by: 'done_at' });
    expect(of.ahead).toMatchObject({ counted_by: 'received_at' });
    expect(of.ahead.counted_at).toBe(of.ahead.received_at);
  });

  test('are those of a stretch of time', async () => {
    const found = await reports('from=2026-01-01T10:03:00Z&to=2026-01-01T10:05:00Z');
    expect(found.map(({ event_id: id }) => id)).toEqual(['open', 'end', 'other']);
  });

  test('of an engine that reported nothing are none, and of an unknown one not found', async () => {
    expect(await reports('', 'silent.example.com')).toEqual([]);
    expect((await get('/engines/other.example.com/reports')).status).toBe(404);
    expect((await get(`/engines/${fqdn}/reports?cursor=eyJ9`)).json).toMatchObject({
      path: 'query.cursor',
    });
  });
});

describe('alerts', () => {
  const alerts = (query = '') => everyPage('/alerts', `/alerts?${query}`);

  beforeAll(() =>
    served.database.owner.query(
      `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message, cleared_at, reason)
       SELECT gen_random_uuid(), 'ENGINE_NO_FULL_BACKUP', 'a' || n % 2 || '.example.com', instant, instant, 1, n, 'alert ' || n,
         CASE WHEN n < 6 THEN now() END, CASE WHEN n < 6 THEN 'full_backup' END
       FROM generate_series(1, 7) AS series (n), LATERAL (SELECT timestamptz '2026-01-01' + n / 4 * interval '1 hour' AS instant) AS at`,
    ),
  );

  test.each([1, 2, 100])('come in pages of %i, each once, the newest first', async (limit) => {
    const found = await alerts(`limit=${limit}`);
    expect(found.map(({ sequence }) => sequence)).toEqual([6, 4, 7, 5, 2, 3, 1]);
  });

  test('are active ones, past ones, or those of an engine', async () => {
    const sequences = async (query: string) =>
      (await alerts(query)).map(({ sequence }) => sequence).sort();
    expect(await sequences('active=true')).toEqual([6, 7]);
    expect(await sequences('active=false&limit=2')).toEqual([1, 2, 3, 4, 5]);
    expect(await sequences('fqdn=A0.example.com')).toEqual([2, 4, 6]);
    expect((await get(`/alerts?cursor=${randomUUID()}`)).status).toBe(400);
  });
});
