import type { EngineBackupReport } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import {
  admissionSql,
  engineNames,
  findLeftOut,
  isAdmitted,
  LEFT_OUT_SQL,
  leftOutOf,
  type LeftOut,
  type SenderOf,
} from './admission.js';
import { storeRegistering } from './register-engines.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { IS_REPLICATED, storeOnce, type StoreOutcome } from './store-once.js';
import { textArray } from '../connection/text-array.js';

/** A parsed report; instants are RFC 3339 in UTC. */
export type LoggedReport = Omit<EngineBackupReport, 'name' | 'eventTime'>;

// The hot path: one statement, one round trip. Keys are locked in order, first of the log, then (by the trigger) of last successes, so
// that two ingests with the same reports in any order wait for each other and never deadlock.
//
// A success counts at the earliest of done_at, received_at, and received_at - (sent_at - done_at). The last is the earliest only if the
// report was sent after its receipt, by a clock that is ahead. Calculated in UTC, because a day is not always 24 hours in a session's
// time zone, and not before 1970, because a clock in the year 9999 would leave PostgreSQL's range (22008).
const PARTS_SQL = `
WITH ${admissionSql('$1', '$11', '$12')}`;

// Unnested in a list of columns, arrays need no intermediate tables, as they would in FROM.
const CONTENT_SQL = `unnest($1::text[]) AS fqdn, unnest($2::text[]) AS event_id, unnest($3::text[]) AS scope,
  unnest($4::text[])::timestamptz AS done_at, unnest($5::text[])::boolean AS is_passed, unnest($6::text[]) AS output_message,
  unnest($7::text[]) AS log_path, unnest($8::text[]) AS run_id, generate_subscripts($1::text[], 1) AS ordinal`;

const LOG_SQL = `
INSERT INTO engine_backup_log (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, run_id,
  received_at, counted_at, reported_by, traceparent)
SELECT fqdn, event_id, scope, done_at, is_passed, output_message, log_path, run_id, received_at,
  greatest(timestamptz 'epoch', least(done_at, received_at, CASE WHEN sent_at > received_at THEN
    (received_at AT TIME ZONE 'UTC' - least(sent_at - done_at, received_at - timestamptz 'epoch')) AT TIME ZONE 'UTC' END)),
  reported_by, traceparent
FROM (
  SELECT *, least(first_received_at, statement_timestamp()) AS received_at
  FROM (
    SELECT ${CONTENT_SQL}, unnest($9::text[])::timestamptz AS sent_at, unnest($10::text[])::timestamptz AS first_received_at,
      unnest($11::text[]) AS reported_by, unnest($13::text[]) AS traceparent
  ) raw
) report
WHERE ${isAdmitted('fqdn')}
ORDER BY fqdn COLLATE "C", event_id COLLATE "C"`;

const INSERT_SQL = `${PARTS_SQL}, logged AS (${LOG_SQL})
${LEFT_OUT_SQL}`;

const INSERT_MISSING_SQL = `${PARTS_SQL} ${LOG_SQL}
ON CONFLICT (fqdn, event_id) DO NOTHING
RETURNING fqdn, event_id`;

const COMPARE_SQL = `
SELECT ordinal::int - 1 AS index,
  (log.scope, log.done_at, log.is_passed, log.output_message, log.log_path, log.run_id)
  IS NOT DISTINCT FROM
  (report.scope::varchar, report.done_at, report.is_passed, report.output_message, report.log_path, report.run_id) AS same
FROM (SELECT ${CONTENT_SQL}) report
JOIN engine_backup_log log ON log.fqdn = report.fqdn AND log.event_id = report.event_id
WHERE ${IS_REPLICATED}`;

/**
 * Stores a batch of reports, each once, and registers unknown engines, as many as reports may register.
 *
 * @returns for each report, in order: `stored`, `duplicate` (the same report is stored already, or comes earlier in the batch),
 * `id_reused` (its engine and id are in use, with other content), `not_authorised` (its sender may not report about its engine) or
 * `unknown_engine` (its engine is unknown, and reports may not register more)
 * @throws the database's error, and nothing is stored; see `faultOf` for whether a report is at fault
 */
export async function logReports(
  dataSource: DataSource,
  reports: readonly LoggedReport[],
): Promise<StoreOutcome[]> {
  return storeRegistering(
    dataSource,
    reports,
    (report) => report.fqdn,
    (some, registeredAt) =>
      storeOfKnown(dataSource, registeredAt ? some.map(receivedBy(registeredAt)) : some),
  );
}

/** With a receipt at this instant at the latest: else an engine would be without these reports for the moment that registering it takes. */
function receivedBy(at: Date): (report: LoggedReport) => LoggedReport {
  return (report) => {
    const { firstReceivedAt } = report;
    const isEarlier = firstReceivedAt !== null && Date.parse(firstReceivedAt) <= at.getTime();
    return isEarlier ? report : { ...report, firstReceivedAt: at.toISOString() };
  };
}

function storeOfKnown(
  dataSource: DataSource,
  reports: readonly LoggedReport[],
): Promise<StoreOutcome[]> {
  return storeOnce(reports, {
    keyOf: (report) => `${report.fqdn} ${report.eventId}`,
    insertAll: (fresh) => insertReports(dataSource, fresh),
    findLeftOut: (all) => findLeftOut(dataSource, all, senderOf),
    insertMissing: async (missing) => {
      const rows: { fqdn: string; event_id: string }[] = await dataSource.query(
        INSERT_MISSING_SQL,
        columns(missing),
      );
      return rows.map((row) => `${row.fqdn} ${row.event_id}`);
    },
    compare: (present) => dataSource.query(COMPARE_SQL, contentColumns(present)),
  });
}

/**
 * Runs the hot statement alone.
 *
 * @returns the indexes of reports that were left out, with the reasons
 * @throws SQLSTATE 23505 if one is stored already
 */
export async function insertReports(
  source: SqlRunner,
  reports: readonly LoggedReport[],
): Promise<Map<number, LeftOut>> {
  return leftOutOf(reports, senderOf, await source.query(INSERT_SQL, columns(reports)));
}

const senderOf: SenderOf<LoggedReport> = {
  reportOf: (report) => report.fqdn,
  reportedBy: (report) => report.reportedBy,
};

function columns(reports: readonly LoggedReport[]): Buffer[] {
  return [
    ...contentColumns(reports),
    textArray(reports, (report) => report.sentAt),
    textArray(reports, (report) => report.firstReceivedAt),
    textArray(reports, senderOf.reportedBy),
    engineNames(reports, senderOf.reportOf),
    textArray(reports, (report) => report.traceparent),
  ];
}

function contentColumns(reports: readonly LoggedReport[]): Buffer[] {
  return [
    textArray(reports, (report) => report.fqdn),
    textArray(reports, (report) => report.eventId),
    textArray(reports, (report) => report.scope),
    textArray(reports, (report) => report.doneAt),
    textArray(reports, (report) => report.isPassed),
    textArray(reports, (report) => report.outputMessage),
    textArray(reports, (report) => report.logPath),
    textArray(reports, (report) => report.runId),
  ];
}
