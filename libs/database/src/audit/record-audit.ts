import type { DataSource } from 'typeorm';
import {
  admissionColumns,
  admissionSql,
  findLeftOut,
  isAdmitted,
  LEFT_OUT_SQL,
  leftOutOf,
  type SenderOf,
} from '../reports/admission.js';
import { storeRegistering } from '../reports/register-engines.js';
import { IS_REPLICATED, storeOnce, type StoreOutcome } from '../reports/store-once.js';
import { textArray } from '../connection/text-array.js';

/** An event as the audit log keeps it. */
export interface AuditRow {
  /** RFC 3339, UTC. */
  readonly logTime: string;
  readonly logTypeName: string;
  readonly logType: number;
  readonly severity: number;
  readonly message: string;
  /** The CloudEvent's `source`; together with `eventId` the unique key. */
  readonly origin: string;
  readonly correlationId: string | null;
  readonly fqdn: string | null;
  /** The engine that the event is a report about; null for all other events. */
  readonly reportOf: string | null;
  /** The user id validated by the broker; null without one. */
  readonly reportedBy: string | null;
  readonly alertId: string | null;
  readonly eventId: string;
  readonly eventName: string;
  /** The event's `data`, as JSON text. */
  readonly customData: string;
}

const CONTENT_SQL = `unnest($1::text[]) AS origin, unnest($2::text[]) AS event_id, unnest($3::text[]) AS event_name,
  unnest($4::text[])::jsonb AS custom_data, generate_subscripts($1::text[], 1) AS ordinal`;

// In key order, so that two writers of the same events never deadlock.
const RECORD_SQL = `
INSERT INTO audit_log (origin, event_id, event_name, custom_data, log_time, log_type_name, log_type, severity, message,
  correlation_id, fqdn, alert_id)
SELECT origin, event_id, event_name, custom_data, log_time, log_type_name, log_type, severity, message,
  correlation_id, fqdn, alert_id
FROM (
  SELECT ${CONTENT_SQL}, unnest($5::text[])::timestamptz AS log_time, unnest($6::text[]) AS log_type_name,
    unnest($7::text[])::int AS log_type, unnest($8::text[])::int AS severity, unnest($9::text[]) AS message,
    unnest($10::text[]) AS correlation_id, unnest($11::text[]) AS fqdn, unnest($12::text[])::uuid AS alert_id,
    unnest($13::text[]) AS report_of
) event
WHERE ${isAdmitted('report_of')}
ORDER BY origin COLLATE "C", event_id COLLATE "C"`;

const ADMISSION_SQL = admissionSql('$13', '$14', '$15');

const INSERT_SQL = `
WITH ${ADMISSION_SQL}, recorded AS (${RECORD_SQL})
${LEFT_OUT_SQL}`;

const INSERT_MISSING_SQL = `
WITH ${ADMISSION_SQL} ${RECORD_SQL}
ON CONFLICT (origin, event_id) DO NOTHING
RETURNING origin, event_id`;

const hashOf = (data: string, text: string) =>
  `encode(sha256(convert_to(${data}->>'${text}', 'UTF8')), 'hex')`;
const sameText = (text: string) =>
  `${hashOf('log.custom_data', text)} =
      coalesce(event.custom_data->'cut'->'${text}'->>'sha256', ${hashOf('event.custom_data', text)})`;

// A report recorded in full before texts were cut is the same as its cut copy.
const SAME_BUT_NOT_CUT = `(event.custom_data ? 'cut' AND NOT log.custom_data ? 'cut'
    AND log.custom_data - '{output_message,log_path}'::text[] = event.custom_data - '{output_message,log_path,cut}'::text[]
    AND ${sameText('output_message')} AND ${sameText('log_path')})`;

const COMPARE_SQL = `
SELECT ordinal::int - 1 AS index,
  log.event_name = event.event_name AND (log.custom_data = event.custom_data OR ${SAME_BUT_NOT_CUT}) AS same
FROM (SELECT ${CONTENT_SQL}) event
JOIN audit_log log ON log.origin = event.origin AND log.event_id = event.event_id
WHERE ${IS_REPLICATED}`;

/**
 * Records a batch of events, each once, in any order of arrival.
 *
 * @returns for each row, in order: `stored`, `duplicate` (the same event is stored already, or comes earlier in the batch),
 * `id_reused` (its source and id are in use, with another name or other data), `not_authorised` (it is a report that its sender may not
 * make) or `unknown_engine` (it is a report about an unknown engine, and reports may not register more)
 * @throws the database's error, and nothing is stored; see `faultOf` for whether a row is at fault
 */
export async function recordAudit(
  dataSource: DataSource,
  rows: readonly AuditRow[],
): Promise<StoreOutcome[]> {
  return storeRegistering(
    dataSource,
    rows,
    (row) => row.reportOf,
    (some) => recordOfKnown(dataSource, some),
  );
}

function recordOfKnown(dataSource: DataSource, rows: readonly AuditRow[]): Promise<StoreOutcome[]> {
  return storeOnce(rows, {
    keyOf: (row) => `${row.eventId}\0${row.origin}`,
    insertAll: async (fresh) =>
      leftOutOf(fresh, senderOf, await dataSource.query(INSERT_SQL, columns(fresh))),
    findLeftOut: (all) => findLeftOut(dataSource, all, senderOf),
    insertMissing: async (missing) => {
      const stored: { origin: string; event_id: string }[] = await dataSource.query(
        INSERT_MISSING_SQL,
        columns(missing),
      );
      return stored.map((row) => `${row.event_id}\0${row.origin}`);
    },
    compare: (present) => dataSource.query(COMPARE_SQL, contentColumns(present)),
  });
}

function columns(rows: readonly AuditRow[]): Buffer[] {
  return [
    ...contentColumns(rows),
    textArray(rows, (row) => row.logTime),
    textArray(rows, (row) => row.logTypeName),
    textArray(rows, (row) => row.logType),
    textArray(rows, (row) => row.severity),
    textArray(rows, (row) => row.message),
    textArray(rows, (row) => row.correlationId),
    textArray(rows, (row) => row.fqdn),
    textArray(rows, (row) => row.alertId),
    ...admissionColumns(rows, senderOf),
  ];
}

const senderOf: SenderOf<AuditRow> = {
  reportOf: (row) => row.reportOf,
  reportedBy: (row) => row.reportedBy,
};

function contentColumns(rows: readonly AuditRow[]): Buffer[] {
  return [
    textArray(rows, (row) => row.origin),
    textArray(rows, (row) => row.eventId),
    textArray(rows, (row) => row.eventName),
    textArray(rows, (row) => row.customData),
  ];
}
