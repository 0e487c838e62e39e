import { eventually, type TestBroker, type TestDatabase } from '@backup-awareness/testing';
import type { Traffic } from './resilience-traffic.js';

const QUEUES = ['backup-awareness.ingest', 'backup-awareness.audit'];
const MUST_BE_EMPTY = [...QUEUES.map((queue) => `${queue}.dead`), 'ovirt.unrouted'];

type Query = <Row>(sql: string, parameters?: unknown[]) => Promise<Row[]>;

interface AuditedEvent {
  readonly fqdn: string;
  readonly event_name: string;
  readonly alert_id: string;
  readonly sequence: number;
}

/**
 * Waits until everything that the broker has confirmed is stored and everything that was decided is recorded, and asserts that
 * each is there once, in its order, and that nothing healthy is among the dead letters.
 *
 * @returns how long it took, in ms
 */
export async function everythingIsThereOnce(
  broker: TestBroker,
  database: TestDatabase,
  traffics: readonly Traffic[],
  withinMs = 60_000,
): Promise<number> {
  const startedAtMs = performance.now();
  const query: Query = (sql, parameters) => database.owner.query(sql, parameters);
  const confirmed = traffics.flatMap((traffic) => [...traffic.confirmed]);
  const fresh = traffics.flatMap((traffic) => [...traffic.freshEngines]);
  await eventually(async () => {
    expect(await missing(query, 'engine_backup_log', confirmed)).toBe(0);
    expect(await missing(query, 'audit_log', confirmed)).toBe(0);
    for (const queue of QUEUES) expect([queue, await broker.depth(queue)]).toEqual([queue, 0]);
    const active = await query<{ fqdn: string }>(
      'SELECT fqdn FROM alert WHERE cleared_at IS NULL AND fqdn = ANY ($1)',
      [fresh],
    );
    expect(active).toEqual([]);
    expect(await query('SELECT name, attempts, last_error FROM outbox')).toEqual([]);
    expect(await unrecorded(query)).toEqual([]);
  }, withinMs);
  const tookMs = performance.now() - startedAtMs;

  expect(await reportsThatDiffer(query)).toEqual([]);
  for (const queue of MUST_BE_EMPTY) expect([queue, await broker.depth(queue)]).toEqual([queue, 0]);
  await alertsAreSound(query, fresh);
  return tookMs;
}

/** How many of these ids are not there exactly once. */
async function missing(query: Query, table: string, ids: readonly string[]): Promise<number> {
  const [row] = await query<{ count: number }>(
    `SELECT count(*)::int AS count FROM unnest($1::text[]) AS id
     LEFT JOIN (SELECT event_id, count(*) AS times FROM ${table} GROUP BY event_id) kept ON event_id = id
     WHERE times IS DISTINCT FROM 1`,
    [ids],
  );
  return row!.count;
}

/** Reports that only one of the two tables has, or has more than once. */
const reportsThatDiffer = (query: Query) =>
  query(
    `SELECT event_id, count(log.fqdn) AS logged, count(audit.origin) AS audited
     FROM engine_backup_log log
     FULL JOIN (SELECT * FROM audit_log WHERE log_type BETWEEN 9024 AND 9026) audit USING (event_id)
     GROUP BY event_id HAVING count(log.fqdn) <> 1 OR count(audit.origin) <> 1 LIMIT 5`,
  );

/** Alerts of the checker that the audit log does not tell of as it should. */
const unrecorded = (query: Query) =>
  query(
    `SELECT alert.fqdn, alert.alert, cleared_at IS NOT NULL AS is_cleared, raised, cleared FROM alert
     LEFT JOIN (
       SELECT alert_id, count(*) FILTER (WHERE event_name = 'BackupAlertRaised') AS raised,
         count(*) FILTER (WHERE event_name = 'BackupAlertCleared') AS cleared
       FROM audit_log GROUP BY alert_id
     ) told USING (alert_id)
     WHERE raised IS DISTINCT FROM 1 OR cleared IS DISTINCT FROM (cleared_at IS NOT NULL)::int LIMIT 5`,
  );

/** Raised and Cleared by turns, numbered from 1 without gaps, and none active where a fresh backup is there. */
async function alertsAreSound(query: Query, fresh: readonly string[]): Promise<void> {
  const events = await query<AuditedEvent>(
    `SELECT fqdn, event_name, alert_id, (custom_data->>'sequence')::int AS sequence FROM audit_log
     WHERE event_name IN ('BackupAlertRaised', 'BackupAlertCleared') ORDER BY fqdn, sequence`,
  );
  const byEngine = groupByEngine(events);
  for (const [fqdn, ofEngine] of byEngine) {
    const told = ofEngine.map(({ sequence, event_name }) => `${fqdn} ${sequence} ${event_name}`);
    const expected = ofEngine.map(
      (_, i) => `${fqdn} ${i + 1} ${i % 2 ? 'BackupAlertCleared' : 'BackupAlertRaised'}`,
    );
    expect(told).toEqual(expected);
    ofEngine.forEach(({ alert_id }, i) => {
      if (i % 2) expect(alert_id).toBe(ofEngine[i - 1]!.alert_id);
    });
  }
  const neverRaised = fresh.filter((fqdn) => !byEngine.has(fqdn));
  // Added, and its fresh backup stored, before the checker came to look: possible while the checker is away only.
  expect(neverRaised.length).toBeLessThanOrEqual(fresh.length / 2);
}

function groupByEngine(events: readonly AuditedEvent[]): Map<string, AuditedEvent[]> {
  const groups = new Map<string, AuditedEvent[]>();
  for (const event of events) groups.set(event.fqdn, [...(groups.get(event.fqdn) ?? []), event]);
  return groups;
}
