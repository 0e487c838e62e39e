import {
  enqueue,
  textArray,
  tracesOfRuns,
  tracesOfSuccesses,
  type SqlRunner,
} from '@backup-awareness/database';
import type {
  AlertCleared,
  AlertEvent,
  AlertRaised,
  StuckBackupRaised,
} from '@backup-awareness/freshness';
import { instant, outgoingEvent } from './alert-events.js';
import { eventsOf, type DecidedEngine } from './decide-engines.js';
import { decidingSuccess } from './deciding-success.js';
import type { EngineRow } from './engine-row.js';

/** Engines per statement: many more rows would not fit into PostgreSQL's work_mem for a sort. */
const ENGINES_AT_ONCE = 2_000;

/**
 * Writes decisions and their events in the caller's transaction: either both are stored or neither.
 *
 * @throws if an alert has changed since it was read: another process has written, and the transaction must be rolled back
 */
export async function recordDecisions(
  transaction: SqlRunner,
  decided: readonly DecidedEngine[],
): Promise<void> {
  const changed = decided.filter((one) => one.engine.isChanged || eventsOf(one).length > 0);
  for (let at = 0; at < changed.length; at += ENGINES_AT_ONCE)
    await recordChanged(transaction, changed.slice(at, at + ENGINES_AT_ONCE));
}

async function recordChanged(
  transaction: SqlRunner,
  decided: readonly DecidedEngine[],
): Promise<void> {
  const events = decided.flatMap((one) =>
    eventsOf(one).map((event) => ({ event, engine: one.engine })),
  );
  const cleared = events.flatMap(({ event }) =>
    event.type === 'BackupAlertCleared' ? [event] : [],
  );
  const raised = events.flatMap(({ event, engine }) =>
    event.type === 'BackupAlertRaised' ? [{ event, engine }] : [],
  );
  const tracesOfCleared = await clearAlerts(transaction, cleared);
  const traces = await tracesOf(transaction, events, tracesOfCleared);
  await insertAlerts(transaction, raised, traces);
  await rememberStates(transaction, decided);
  await enqueue(
    transaction,
    events.map(({ event, engine }) => ({
      ...outgoingEvent(event, engine.alertPeriodDays),
      traceparent: traces.get(event) ?? null,
    })),
  );
}

type Traces = ReadonlyMap<AlertEvent, string | null>;

/**
 * The traces of the reports that led to these events, where there is one. An alert about a run has the trace of that run when it is raised and
 * when it is cleared, whatever clears it.
 *
 * @param tracesOfCleared by alert_id, those with which the alerts were raised
 */
async function tracesOf(
  transaction: SqlRunner,
  events: readonly { event: AlertEvent; engine: EngineRow }[],
  tracesOfCleared: ReadonlyMap<string, string | null>,
): Promise<Traces> {
  const led = events.flatMap(({ event, engine }) => {
    const success = decidingSuccess(event, engine.facts);
    return success === undefined ? [] : [{ event, success }];
  });
  const traces = await tracesOfSuccesses(
    transaction,
    led.map(({ success }) => success),
  );
  const stuck = events.flatMap(({ event }) => ('runId' in event ? [event] : []));
  const ofRuns = await tracesOfRuns(
    transaction,
    stuck.map(({ sinceAt, ...run }) => ({ ...run, countedAt: sinceAt })),
  );
  const noLongerStuck = events.flatMap(({ event }) =>
    event.type === 'BackupAlertCleared' && event.alert === 'ENGINE_BACKUP_STUCK' ? [event] : [],
  );
  return new Map<AlertEvent, string | null>([
    ...led.map(({ event }, index) => [event, traces[index] ?? null] as const),
    ...stuck.map((event, index) => [event, ofRuns[index] ?? null] as const),
    ...noLongerStuck.map((event) => [event, tracesOfCleared.get(event.alertId) ?? null] as const),
  ]);
}

/** @returns by alert_id, the traces with which the alerts were raised */
async function clearAlerts(
  transaction: SqlRunner,
  cleared: readonly AlertCleared[],
): Promise<ReadonlyMap<string, string | null>> {
  if (cleared.length === 0) return new Map();
  const [rows, count]: [{ alert_id: string; traceparent: string | null }[], number] =
    await transaction.query(
      `UPDATE alert SET cleared_at = c.cleared_at, cleared_sequence = c.sequence, reason = c.reason
     FROM (
       SELECT unnest($1::text[])::uuid AS alert_id, unnest($2::text[])::timestamptz AS cleared_at,
         unnest($3::text[])::bigint AS sequence, unnest($4::text[]) AS reason
     ) c
     WHERE alert.alert_id = c.alert_id AND alert.cleared_at IS NULL
     RETURNING alert.alert_id, alert.traceparent`,
      [
        textArray(cleared, ({ alertId }) => alertId),
        textArray(cleared, ({ clearedAt }) => instant(clearedAt)),
        textArray(cleared, ({ sequence }) => sequence),
        textArray(cleared, ({ reason }) => reason),
      ],
    );
  if (count !== cleared.length)
    throw new Error(`${cleared.length - count} of the alerts to clear are no longer active`);
  return new Map(rows.map(({ alert_id: id, traceparent }) => [id, traceparent]));
}

async function insertAlerts(
  transaction: SqlRunner,
  raised: readonly { event: AlertRaised | StuckBackupRaised; engine: EngineRow }[],
  traces: Traces,
): Promise<void> {
  if (raised.length === 0) return;
  await transaction.query(
    `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, last_full_backup_at, alert_period_days, sequence, message,
       run_id, scopes, traceparent)
     SELECT unnest($1::text[])::uuid, unnest($2::text[]), unnest($3::text[]), unnest($4::text[])::timestamptz,
       unnest($5::text[])::timestamptz, unnest($6::text[])::timestamptz, unnest($7::text[])::numeric,
       unnest($8::text[])::bigint, unnest($9::text[]), unnest($10::text[]), string_to_array(unnest($11::text[]), ','),
       unnest($12::text[])`,
    [
      textArray(raised, ({ event }) => event.alertId),
      textArray(raised, ({ event }) => event.alert),
      textArray(raised, ({ event }) => event.fqdn),
      textArray(raised, ({ event }) => instant(event.sinceAt)),
      textArray(raised, ({ event }) => instant(event.decidedAt)),
      textArray(raised, ({ event }) =>
        event.lastFullBackupAt === null ? null : instant(event.lastFullBackupAt),
      ),
      textArray(raised, ({ engine }) => engine.alertPeriodDays),
      textArray(raised, ({ event }) => event.sequence),
      textArray(raised, ({ event }) => event.message),
      textArray(raised, ({ event }) => ('runId' in event ? event.runId : null)),
      // No scope has a comma in it.
      textArray(raised, ({ event }) => ('scopes' in event ? event.scopes.join(',') : null)),
      textArray(raised, ({ event }) => traces.get(event) ?? null),
    ],
  );
}

async function rememberStates(
  transaction: SqlRunner,
  changed: readonly DecidedEngine[],
): Promise<void> {
  await transaction.query(
    `INSERT INTO engine_alert_state (fqdn, last_sequence, decided_version)
     SELECT unnest($1::text[]), unnest($2::text[])::bigint, unnest($3::text[])::int
     ON CONFLICT (fqdn) DO UPDATE
       SET last_sequence = excluded.last_sequence, decided_version = excluded.decided_version`,
    [
      textArray(changed, ({ engine }) => engine.facts.fqdn),
      textArray(changed, ({ state }) => state.lastSequence),
      textArray(changed, ({ engine }) => engine.version),
    ],
  );
}
