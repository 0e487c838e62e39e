import { msOf, type SqlRunner } from '@backup-awareness/database/connection';

/** An administrator's change or dismissal. */
export interface AuditedEvent {
  /** Null: it concerns the product. */
  readonly fqdn: string | null;
  readonly name: 'SettingChanged' | 'EngineAdded' | 'EngineRetired' | 'AlertDismissed';
  readonly at: number;
  readonly who: string;
  readonly what: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly comment: string | null;
  /** Of a dismissal: the kind of alert. */
  readonly alert: string | null;
  /** Of an engine that was retired: since when it had been monitored; null where not recorded. */
  readonly watchedSinceAt: number | null;
}

/** The condition of the index `audit_log_of_changes`, which finds these whatever the number of other events. */
const IS_CHANGE = `event_name IN ('SettingChanged', 'EngineAdded', 'EngineRetired', 'AlertDismissed')`;

// The event's own time: log_time may be that of a recording clock that is behind.
const WHEN = `(custom_data ->> 'when')::timestamptz`;

/** The changes of these engines, or (undefined) of the product, in order of time. */
export async function readAuditedEvents(
  sql: SqlRunner,
  fqdns?: readonly string[],
): Promise<AuditedEvent[]> {
  return sql.query(
    `SELECT fqdn, event_name AS name, ${msOf(WHEN)} AS at, custom_data ->> 'who' AS who, custom_data ->> 'what' AS what,
       custom_data ->> 'from' AS "from", custom_data ->> 'to' AS "to", custom_data ->> 'comment' AS comment,
       custom_data ->> 'alert' AS alert,
       ${msOf(`(custom_data ->> 'watched_since')::timestamptz`)} AS "watchedSinceAt"
     FROM audit_log WHERE ${IS_CHANGE} AND ${fqdns === undefined ? 'fqdn IS NULL' : 'fqdn = ANY ($1)'}
     ORDER BY ${WHEN}, audit_log_id`,
    fqdns === undefined ? [] : [fqdns],
  );
}

/** By engine, each in the same order. */
export function byFqdn<T extends { readonly fqdn: string | null }>(
  all: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const grouped = new Map<string, T[]>();
  for (const one of all) {
    const group = grouped.get(one.fqdn ?? '');
    if (group) group.push(one);
    else grouped.set(one.fqdn ?? '', [one]);
  }
  return grouped;
}
