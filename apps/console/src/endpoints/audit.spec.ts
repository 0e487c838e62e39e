import { eventually } from '@backup-awareness/testing';
import { useConsole, type ServedConsole } from '../spec/use-console.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const ROWS = 2_500;

beforeAll(() =>
  served.database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, event_id, event_name, custom_data)
     SELECT now(), CASE n % 2 WHEN 0 THEN 'EngineAdded' ELSE 'SettingChanged' END, 0, n % 3, CASE n WHEN 1 THEN '=HYPERLINK("http://x")' ELSE 'row ' || n END,
       'spec', 'e' || n % 5 || '.example.com', n::text, 'SettingChanged', '{}'
     FROM generate_series(1, ${ROWS}) AS series (n) ORDER BY series.n`,
  ),
);

const get = (query: string, accept = 'application/json') =>
  served.ask('GET', `/api/v1/audit?${query}`, { headers: { accept } });

test('pages of the audit log hold each row once, the newest first', async () => {
  const ids: number[] = [];
  let cursor: string | null = null;
  do {
    const { json } = await get(`limit=1000${cursor === null ? '' : `&cursor=${cursor}`}`);
    ids.push(...json.items.map((row: { event_id: string }) => Number(row.event_id)));
    cursor = json.next_cursor;
  } while (cursor !== null);
  expect(ids).toEqual(Array.from({ length: ROWS }, (_, index) => ROWS - index));
});

test.each([
  ['type=EngineAdded', ROWS / 2],
  ['fqdn=E1.example.com', ROWS / 5],
  ['severity=0', 833],
  ['since=2999-01-01T00:00:00Z', 0],
  ['until=2000-01-01T00:00:00Z', 0],
])('the whole selection by %s comes as JSON lines', async (query, count) => {
  const { text, headers } = await get(query, 'application/x-ndjson');
  expect(headers.get('content-type')).toBe('application/x-ndjson');
  const lines = text.split('\n').filter((line) => line !== '');
  expect(lines.map((line) => JSON.parse(line))).toHaveLength(count);
});

test('as CSV a formula is defused', async () => {
  const { text } = await get('', 'text/csv');
  expect(text.trimEnd().split('\r\n')).toHaveLength(ROWS + 1);
  expect(text).toContain(`"'=HYPERLINK(""http://x"")"`);
});

test.each([
  ['csv', 'text/csv', 'text/csv; charset=utf-8'],
  ['jsonl', 'application/x-ndjson', 'application/x-ndjson'],
])('a link gets by format=%s what %s in Accept gets', async (format, accept, type) => {
  const byLink = await get(`type=EngineAdded&format=${format}`, 'text/html');
  expect(byLink.headers.get('content-type')).toBe(type);
  expect(byLink.text).toBe((await get('type=EngineAdded', accept)).text);
});

test('a row that is being written while a later one is there is in the export', async () => {
  const { owner } = served.database;
  const write = (sql: Pick<typeof owner, 'query'>, eventId: string) =>
    sql.query(
      `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
       VALUES (now(), 'Late', 0, 0, 'x', 'spec', $1, 'Late', '{}')`,
      [eventId],
    );
  const early = owner.createQueryRunner();
  await early.startTransaction();
  await write(early, 'early');
  await write(owner, 'late');
  const asked = get('type=Late&format=jsonl');
  const isWaiting = eventually(async () => {
    const [{ waits }] = await owner.query(
      `SELECT count(*)::int AS waits FROM pg_stat_activity WHERE query LIKE '%FROM pg_locks%' AND datname = current_database() AND pid <> pg_backend_pid()`,
    );
    expect(waits).toBeGreaterThan(0);
  });
  await Promise.race([isWaiting, asked]);
  await early.commitTransaction();
  await early.release();
  const rows = (await asked).text.trimEnd().split('\n');
  expect(rows.map((row) => JSON.parse(row).event_id)).toEqual(['early', 'late']);
});

test('another format is refused', async () => {
  const { status, json } = await get('format=xml');
  expect(status).toBe(400);
  expect(json).toMatchObject({ path: 'query.format', expected: 'csv or jsonl' });
});
