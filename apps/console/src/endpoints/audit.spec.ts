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
