import type { SqlRunner } from '@backup-awareness/database/connection';
import type { Hint } from './hint.js';

export interface Visibility {
  /** Whether what it is about can be fetched. */
  readonly isStored: boolean;
  /** Whether its row is in the audit log. */
  readonly isAudited: boolean;
}

/** Which hints can be fetched by now; one look-up of a key for each. */
export async function readVisibility(
  sql: SqlRunner,
  hints: readonly Pick<Hint, 'origin' | 'eventId' | 'reportOf'>[],
): Promise<Visibility[]> {
  return sql.query(
    `SELECT report_of IS NULL OR EXISTS (SELECT FROM engine_backup_log log WHERE log.fqdn = report_of AND log.event_id = hint.event_id) AS "isStored",
       EXISTS (SELECT FROM audit_log WHERE audit_log.origin = hint.origin AND audit_log.event_id = hint.event_id) AS "isAudited"
     FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY hint (origin, event_id, report_of, place) ORDER BY place`,
    [
      hints.map(({ origin }) => origin),
      hints.map(({ eventId }) => eventId),
      hints.map(({ reportOf }) => reportOf),
    ],
  );
}
