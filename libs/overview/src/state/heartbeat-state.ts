import { readFreshnessSettings } from '@backup-awareness/contracts/plain';
import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import { decidingTime } from '@backup-awareness/freshness';
import type { ProductState } from './product-state.js';

/** A stage of the path of events. `relay`: the outbox is published; `ingest`: requests for settings are answered. */
export type Stage = 'decision' | 'relay' | 'audit' | 'ingest';

/** What a heartbeat depends on. Instants are whole milliseconds since 1970, by the database's clock. */
export interface HeartbeatState extends Pick<ProductState, 'now' | 'time' | 'settings'> {
  readonly lastCheck: { readonly at: number } | null;
  /** When each stage was last proven; null if never. */
  readonly provenAt: Readonly<Record<Stage, number | null>>;
  /** The events in the outbox that are not set aside, of all sources and exchanges. */
  readonly pending: { readonly count: number; readonly oldestAt: number | null };
  /** When a replica of the notifier last beat. */
  readonly beatenAt: number | null;
}

/** Reads what a heartbeat depends on, at a cost that does not depend on the number of engines. */
export async function readHeartbeatState(sql: SqlRunner): Promise<HeartbeatState> {
  const [row]: Columns[] = await sql.query(
    `SELECT ${msOf('statement_timestamp()')} AS now, ${msOf('greatest(latest_now_at, last_check_at)')} AS latest_at,
       ${msOf('last_check_at')} AS last_check_at, ${msOf('decided_at')} AS decided_at, ${msOf('relayed_at')} AS relayed_at,
       ${msOf('recorded_at')} AS recorded_at, ${msOf('answered_at')} AS answered_at, ${msOf('beaten_at')} AS beaten_at,
       (SELECT jsonb_object_agg(option_name, option_value) FROM vdc_options WHERE version = 'general') AS options,
       pending, oldest_pending_at
     FROM checker_state, heartbeat,
       (SELECT count(*)::int AS pending, ${msOf('min(created_at)')} AS oldest_pending_at FROM outbox WHERE set_aside_at IS NULL) waiting`,
  );
  if (!row)
    throw new Error(
      'checker_state or heartbeat has no row: the schema creates them, so somebody deleted one',
    );
  return {
    now: row.now,
    time: decidingTime(row.now, row.latest_at),
    settings: readFreshnessSettings(row.options ?? {}),
    lastCheck: row.last_check_at === null ? null : { at: row.last_check_at },
    provenAt: {
      decision: row.decided_at,
      relay: row.relayed_at,
      audit: row.recorded_at,
      ingest: row.answered_at,
    },
    pending: { count: row.pending, oldestAt: row.oldest_pending_at },
    beatenAt: row.beaten_at,
  };
}

interface Columns {
  now: number;
  latest_at: number | null;
  last_check_at: number | null;
  decided_at: number | null;
  relayed_at: number | null;
  recorded_at: number | null;
  answered_at: number | null;
  beaten_at: number | null;
  pending: number;
  oldest_pending_at: number | null;
  options: Record<string, string> | null;
}
