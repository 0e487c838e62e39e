import type { DataSource } from 'typeorm';
import { arrayLiteral } from './array-literal.js';
import {
  findUnauthorised,
  indexesOf,
  IS_AUTHORISED,
  REFUSED_INDEXES_SQL,
  refusedSql,
} from './authorised-reporter.js';
import { storeOnce, type StoreOutcome } from './store-once.js';

/** An event as the audit log keeps it. */
export interface AuditRow {
  /** RFC 3339, UTC. */
  readonly logTime: string;
  readonly logTypeName: string;
  readonly logType: number;
  readonly severity: number;
  readonly message: string;
  /** The CloudEvent's `source`; with `eventId` the key that stands once. */
  readonly origin: string;
  readonly correlationId: string | null;
  readonly fqdn: string | null;
  /** The engine that the event is a report of; null for events of any other kind. */
  readonly reportOf: string | null;
  /** The broker's validated user, null where there is none. */
  readonly reportedBy: string | null;
  readonly alertId: string | null;
  readonly eventId: string;
  readonly eventName: string;
  /** The event's `data`, as JSON text. */
  readonly customData: string;
}

// In the order of the key, so that two writers of the same events never deadlock.
const RECORD_SQL = `
INSERT INTO audit_log (origin, event_id, event_name, custom_data, log_time, log_type_name, log_type, severity, message,
  correlation_id, fqdn, alert_id)
SELECT origin, event_id, event_name, custom_data, log_time, log_type_name, log_type, severity, message,
  correlation_id, fqdn, alert_id
FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::text[], $7::int[], $8::int[],
  $9::text[], $10::text[], $11::text[], $12::uuid[]) WITH ORDINALITY
AS event (origin, event_id, event_name, custom_data, log_time, log_type_name, log_type, severity, message,
  correlation_id, fqdn, alert_id, ordinal)
WHERE ${IS_AUTHORISED}
ORDER BY origin COLLATE "C", event_id COLLATE "C"`;

const REFUSED_SQL = refusedSql('$13', '$14');

const INSERT_SQL = `
WITH ${REFUSED_SQL}, recorded AS (${RECORD_SQL})
${REFUSED_INDEXES_SQL}`;

const INSERT_MISSING_SQL = `
WITH ${REFUSED_SQL} ${RECORD_SQL}
ON CONFLICT (origin, event_id) DO NOTHING
RETURNING origin, event_id`;

const COMPARE_SQL = `
SELECT ordinal::int - 1 AS index,
  log.event_name = event.event_name AND log.custom_data = event.custom_data AS same
FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])
  WITH ORDINALITY AS event (origin, event_id, event_name, custom_data, ordinal)
JOIN audit_log log ON log.origin = event.origin AND log.event_id = event.event_id`;

/**
 * Records a batch of events, each once, in whatever order they come.
 *
 * @returns for each row, in order: `stored`, `duplicate` (the same event was there, or stands earlier in the batch),
 * `id_reused` (its source and id were, with another name or other data) or `not_authorised` (it is a report that its engine's broker user alone may make)
 * @throws the database's error, and nothing is stored; `isDataError` tells whether a row is at fault
 */
export async function recordAudit(
  dataSource: DataSource,
  rows: readonly AuditRow[],
): Promise<StoreOutcome[]> {
  return storeOnce(rows, {
    keyOf: (row) => `${row.eventId}\0${row.origin}`,
    insertAll: async (fresh) => indexesOf(await dataSource.query(INSERT_SQL, columns(fresh))),
    findUnauthorised: (all) => findUnauthorised(dataSource, reporterColumns(all)),
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

function columns(rows: readonly AuditRow[]): string[] {
  return [
    ...contentColumns(rows),
    arrayLiteral(rows, (row) => row.logTime),
    arrayLiteral(rows, (row) => row.logTypeName),
    arrayLiteral(rows, (row) => row.logType),
    arrayLiteral(rows, (row) => row.severity),
    arrayLiteral(rows, (row) => row.message),
    arrayLiteral(rows, (row) => row.correlationId),
    arrayLiteral(rows, (row) => row.fqdn),
    arrayLiteral(rows, (row) => row.alertId),
    ...reporterColumns(rows),
  ];
}

function reporterColumns(rows: readonly AuditRow[]): [reportOf: string, reportedBy: string] {
  return [arrayLiteral(rows, (row) => row.reportOf), arrayLiteral(rows, (row) => row.reportedBy)];
}

function contentColumns(rows: readonly AuditRow[]): string[] {
  return [
    arrayLiteral(rows, (row) => row.origin),
    arrayLiteral(rows, (row) => row.eventId),
    arrayLiteral(rows, (row) => row.eventName),
    arrayLiteral(rows, (row) => row.customData),
  ];
}
