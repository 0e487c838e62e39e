import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { inTransaction } from '../connection/in-transaction.js';
import { OLD_AUDIT_ROWS } from './remove-old-rows.js';

let database: TestDatabase;
let audit: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  audit = await dataSourceFor(database.urls.audit).initialize();
});
afterAll(async () => {
  await audit?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await emptyAuditLog();
  await keepDays('400');
});

/** Clears active alerts first: the table cannot be emptied otherwise. */
async function emptyAuditLog(): Promise<void> {
  await database.owner.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, alert_id, custom_data)
     SELECT DISTINCT now(), '', 0, 0, '', '', gen_random_uuid()::text, 'BackupAlertCleared', alert_id, '{}'::jsonb
     FROM audit_log WHERE alert_id IS NOT NULL`,
  );
  await database.owner.query('TRUNCATE audit_log');
}

const keepDays = (days: string) =>
  database.owner.query(
    `UPDATE vdc_options SET option_value = $1 WHERE option_name = 'AuditLogRetentionInDays'`,
    [days],
  );

type Kind = 'Raised' | 'Cleared' | 'Dismissed' | 'other';
const EVENT_NAMES: Record<Kind, string> = {
  Raised: 'BackupAlertRaised',
  Cleared: 'BackupAlertCleared',
  Dismissed: 'AlertDismissed',
  other: 'EngineAdded',
};

interface Recorded {
  readonly kind: Kind;
  /** How many days ago it was recorded. */
  readonly days: number;
  readonly alert?: string;
  /** How many days ago it happened by its own time. */
  readonly loggedDays?: number;
}

/** Records events in this order. */
const record = (...events: Recorded[]) =>
  database.owner.query(
    `INSERT INTO audit_log (log_time, recorded_at, log_type_name, log_type, severity, message, origin, event_id, event_name,
       alert_id, custom_data)
     SELECT now() - logged * interval '1 day', now() - days * interval '1 day', '', 0, 0, text, '', gen_random_uuid()::text, name,
       CASE WHEN alert <> '' THEN md5(alert)::uuid END, '{}'
     FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::text[])
       WITH ORDINALITY AS event (name, alert, days, logged, text, ordinal)
     ORDER BY ordinal`,
    [
      events.map(({ kind }) => EVENT_NAMES[kind]),
      events.map(({ alert }) => alert ?? ''),
      events.map(({ days }) => days),
      events.map(({ days, loggedDays }) => loggedDays ?? days),
      events.map(inWords),
    ],
  );

const inWords = ({ kind, days, alert }: Recorded) =>
  [kind, ...(alert ? [alert] : []), days].join(' ');

async function removeAll(): Promise<number[]> {
  const removed: number[] = [];
  let next: string | null = null;
  do {
    const step = await OLD_AUDIT_ROWS.removeStep(audit, next);
    removed.push(step.removed);
    next = step.next;
  } while (next !== null);
  return removed;
}

const kept = async (): Promise<string[]> =>
  (await database.owner.query('SELECT message FROM audit_log ORDER BY audit_log_id')).map(
    (row: { message: string }) => row.message,
  );

test.each<[phrase: string, given: Recorded[], stays: string[]]>([
  [
    'an event is removed once it is old',
    [
      { kind: 'other', days: 401 },
      { kind: 'other', days: 399 },
    ],
    ['other 399'],
  ],
  [
    'an active alert stays with its dismissal, however old',
    [
      { kind: 'Raised', days: 500, alert: 'A' },
      { kind: 'Dismissed', days: 450, alert: 'A' },
      { kind: 'other', days: 450 },
    ],
    ['Raised A 500', 'Dismissed A 450'],
  ],
  [
    'a cleared alert is removed as a whole once its last event is old',
    [
      { kind: 'Raised', days: 500, alert: 'A' },
      { kind: 'Dismissed', days: 450, alert: 'A' },
      { kind: 'Cleared', days: 401, alert: 'A' },
    ],
    [],
  ],
  [
    'neither Raised nor Cleared is removed while the Cleared is not old',
    [
      { kind: 'Raised', days: 500, alert: 'A' },
      { kind: 'Cleared', days: 399, alert: 'A' },
    ],
    ['Raised A 500', 'Cleared A 399'],
  ],
  [
    'neither is removed while a Raised that came after its Cleared is not old',
    [
      { kind: 'Cleared', days: 401, alert: 'A' },
      { kind: 'Raised', days: 399, alert: 'A' },
    ],
    ['Cleared A 401', 'Raised A 399'],
  ],
  [
    'both are removed once both are old, even if the Raised came after its Cleared',
    [
      { kind: 'Cleared', days: 410, alert: 'A' },
      { kind: 'Raised', days: 405, alert: 'A' },
    ],
    [],
  ],
  [
    'a Cleared whose Raised has not arrived waits for it',
    [{ kind: 'Cleared', days: 500, alert: 'A' }],
    ['Cleared A 500'],
  ],
  [
    'a dismissal of an alert that was never raised is removed like any event',
    [{ kind: 'Dismissed', days: 500, alert: 'A' }],
    [],
  ],
  [
    'all events of an alert that was raised twice stay until all are old, so that none seems active',
    [
      { kind: 'Raised', days: 500, alert: 'A' },
      { kind: 'Cleared', days: 450, alert: 'A' },
      { kind: 'Raised', days: 399, alert: 'A' },
    ],
    ['Raised A 500', 'Cleared A 450', 'Raised A 399'],
  ],
  [
    'an active alert does not keep another one',
    [
      { kind: 'Raised', days: 500, alert: 'A' },
      { kind: 'Raised', days: 490, alert: 'B' },
      { kind: 'Cleared', days: 480, alert: 'B' },
    ],
    ['Raised A 500'],
  ],
  [
    'age is counted from the recording, whatever the event’s own time',
    [
      { kind: 'other', days: 401, loggedDays: 0 },
      { kind: 'other', days: 1, loggedDays: 20_000 },
    ],
    ['other 1'],
  ],
  [
    'an event recorded while the clock was ahead does not hold up older ones',
    [
      { kind: 'other', days: -5000 },
      { kind: 'other', days: 401 },
    ],
    ['other -5000'],
  ],
])('%s', async (_, given, stays) => {
  await record(...given);
  await removeAll();
  expect(await kept()).toEqual(stays);
});

test('the recording has the time of arrival', async () => {
  await audit.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
     VALUES ('1970-01-01', '', 0, 0, 'from 1970', '', '', 'EngineAdded', '{}')`,
  );
  expect(await removeAll()).toEqual([0]);
  expect(await kept()).toEqual(['from 1970']);
});

test('-1 keeps all, and a shorter retention applies from the next step', async () => {
  await record({ kind: 'other', days: 5000 }, { kind: 'other', days: 100 });
  await keepDays('-1');
  expect(await removeAll()).toEqual([0]);
  await keepDays('99.5');
  expect(await removeAll()).toEqual([2]);
});

test.each(['', 'forever', '0', '-2', '36501'])(
  'nothing is removed while the setting is %j, and the error says what is valid',
  async (value) => {
    await record({ kind: 'other', days: 5000 });
    await keepDays(value);
    await expect(removeAll()).rejects.toThrow(
      'AuditLogRetentionInDays: expected a plain decimal number of days',
    );
    expect(await kept()).toEqual(['other 5000']);
  },
);

test('a step is bounded, and the events of an alert are removed in one step however far apart', async () => {
  const others = Array.from({ length: 600 }, () => ({ kind: 'other', days: 450 }) as const);
  await record(
    { kind: 'Raised', days: 500, alert: 'active' },
    { kind: 'Raised', days: 500, alert: 'A' },
    ...others,
    { kind: 'Cleared', days: 420, alert: 'A' },
    ...others,
    { kind: 'other', days: 1 },
  );
  expect(await removeAll()).toEqual([500, 500, 202]);
  expect(await kept()).toEqual(['Raised active 500', 'other 1']);
});

test('while one process removes, another does nothing', async () => {
  await record({ kind: 'other', days: 500 }, { kind: 'other', days: 1 });
  await inTransaction(database.owner, async (transaction) => {
    await transaction.query('SELECT remove_old_audit_rows(0, 500)');
    expect(await OLD_AUDIT_ROWS.removeStep(audit, null)).toEqual({ removed: 0, next: null });
  });
  expect(await kept()).toEqual(['other 1']);
});
