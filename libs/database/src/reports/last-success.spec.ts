import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import { logReports, type LoggedReport } from './log-reports.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database?.drop());
beforeEach(() => database.owner.query('TRUNCATE engine_backup_log'));

const report = (eventId: string, hour: number, fields: Partial<LoggedReport> = {}) =>
  exampleReport({
    eventId,
    doneAt: `2026-01-01T${String(hour).padStart(2, '0')}:00:00Z`,
    ...fields,
  });

/** The table's rows, as `fqdn scope hour`. */
async function lastSuccesses(): Promise<string[]> {
  const rows: { text: string }[] = await database.owner.query(
    `SELECT concat_ws(' ', fqdn, scope, extract(hour FROM counted_at AT TIME ZONE 'UTC')) AS text
     FROM engine_last_success ORDER BY fqdn, scope`,
  );
  return rows.map((row) => row.text.replace('.example.com', ''));
}

/** Compares the table with the log, read by a naive query. */
async function expectRight(): Promise<void> {
  const wrong: unknown[] = await database.owner.query(
    `SELECT * FROM engine_last_success last FULL JOIN (
       SELECT fqdn, scope, max(counted_at) AS counted_at FROM engine_backup_log WHERE is_passed GROUP BY fqdn, scope
     ) naive USING (fqdn, scope)
     WHERE last.counted_at IS DISTINCT FROM naive.counted_at`,
  );
  expect(wrong).toEqual([]);
}

const sql = (text: string) => database.owner.query(text);

test.each([
  ['the last is deleted', `DELETE FROM engine_backup_log WHERE event_id = 'c'`, ['engine db 10']],
  ['an older is deleted', `DELETE FROM engine_backup_log WHERE event_id = 'a'`, ['engine db 12']],
  ['all are deleted', 'DELETE FROM engine_backup_log', []],
  ['a failure is deleted', `DELETE FROM engine_backup_log WHERE event_id = 'd'`, ['engine db 12']],
  ['the table is truncated', 'TRUNCATE engine_backup_log', []],
  [
    'the last becomes a failure',
    `UPDATE engine_backup_log SET is_passed = false WHERE event_id = 'c'`,
    ['engine db 10'],
  ],
  [
    'a failure becomes a success',
    `UPDATE engine_backup_log SET is_passed = true WHERE event_id = 'd'`,
    ['engine db 14'],
  ],
  [
    'the last is moved to another scope',
    `UPDATE engine_backup_log SET scope = 'files' WHERE event_id = 'c'`,
    ['engine db 10', 'engine files 12'],
  ],
  [
    'an older is dated later',
    `UPDATE engine_backup_log SET counted_at = '2026-01-01T20:00:00Z' WHERE event_id = 'a'`,
    ['engine db 20'],
  ],
  [
    'all are moved to another engine',
    `UPDATE engine_backup_log SET fqdn = 'other.example.com'`,
    ['other db 12'],
  ],
  [
    'the owner writes with triggers off for replication',
    `SET LOCAL session_replication_role = replica; DELETE FROM engine_backup_log WHERE event_id = 'c'`,
    ['engine db 10'],
  ],
])('the last success stays right when by hand %s', async (_, statement, expected) => {
  await logReports(database.owner, [
    report('a', 8),
    report('b', 10),
    report('c', 12),
    report('d', 14, { isPassed: false }),
  ]);
  expect(await lastSuccesses()).toEqual(['engine db 12']);
  await sql(statement);
  expect(await lastSuccesses()).toEqual(expected);
  await expectRight();
});

test('two that delete the last and the second last at once leave the third', async () => {
  for (let round = 0; round < 20; round++) {
    await sql('TRUNCATE engine_backup_log');
    await logReports(database.owner, [report('a', 8), report('b', 10), report('c', 12)]);
    await Promise.all(
      ['b', 'c'].map((id) => sql(`DELETE FROM engine_backup_log WHERE event_id = '${id}'`)),
    );
    expect(await lastSuccesses()).toEqual(['engine db 8']);
  }
});

test('it stays right while reports are stored, changed and deleted at once', async () => {
  const scopes = ['db', 'files'];
  const store = async (writer: number) => {
    for (let batch = 0; batch < 15; batch++)
      await logReports(
        database.owner,
        Array.from({ length: 30 }, (_, index) =>
          report(`${writer}-${batch}-${index}`, (batch + index) % 24, {
            fqdn: `engine-${index % 3}.example.com`,
            scope: scopes[index % 2] as string,
          }),
        ),
      );
  };
  const remove = async () => {
    for (let round = 0; round < 40; round++) {
      const pick = `event_id IN (SELECT event_id FROM engine_backup_log WHERE fqdn = 'engine-${round % 3}.example.com'
        ORDER BY counted_at DESC, event_id LIMIT 7 FOR UPDATE SKIP LOCKED)`;
      await sql(
        round % 2
          ? `DELETE FROM engine_backup_log WHERE ${pick}`
          : `UPDATE engine_backup_log SET is_passed = NOT is_passed WHERE ${pick}`,
      );
    }
  };
  await Promise.all([store(1), store(2), remove()]);
  await expectRight();
});
