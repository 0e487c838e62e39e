import type { SqlRunner } from '../connection/sql-runner.js';

/** An event that could not be published, as `outbox list --json` shows it; instants are RFC 3339 in UTC. */
export interface ListedSetAside {
  readonly id: string;
  readonly name: string;
  readonly exchange: string;
  readonly routing_key: string;
  readonly source: string;
  readonly subject: string;
  readonly time: string;
  readonly created_at: string;
  readonly set_aside_at: string;
  readonly attempts: number;
  readonly last_error: string | null;
}

/** The events that were set aside, the oldest first. */
export async function listSetAside(dataSource: SqlRunner): Promise<ListedSetAside[]> {
  const rows: (Omit<ListedSetAside, Instants> & Record<Instants, Date>)[] = await dataSource.query(
    `SELECT event_id AS id, name, exchange, routing_key, source, subject, time, created_at, set_aside_at, attempts, last_error
     FROM outbox WHERE set_aside_at IS NOT NULL ORDER BY outbox.id`,
  );
  return rows.map((row) => ({
    ...row,
    time: row.time.toISOString(),
    created_at: row.created_at.toISOString(),
    set_aside_at: row.set_aside_at.toISOString(),
  }));
}

type Instants = 'time' | 'created_at' | 'set_aside_at';
