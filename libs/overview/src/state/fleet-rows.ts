import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import type { OwnAlertPeriod } from '@backup-awareness/freshness';

/** An engine with its last successes, as a view of all engines needs it. Instants are whole milliseconds since 1970. */
export interface FleetRow {
  readonly fqdn: string;
  readonly watchedSinceAt: number;
  readonly retiredAt: number | null;
  readonly ownPeriod: OwnAlertPeriod;
  /** The only broker user that may report about it; null: any may. */
  readonly brokerUser: string | null;
  readonly lastDbSuccessAt: number | null;
  readonly lastFilesSuccessAt: number | null;
}

/** Remembers the rows of one database between reads, so that the next one reads only those that have changed. */
export interface FleetMemory {
  kept?: Kept;
}

interface Kept {
  /** The server and the database: transactions are numbered by each server, so that another one's numbers say nothing. */
  readonly source: string;
  /** Of the snapshot: every transaction before it had ended, and what it wrote is in the rows. */
  readonly xmin: string;
  /** By the monotonic clock of this process. */
  readonly fullyReadAtMs: number;
  readonly tables: Tables;
  readonly rows: readonly FleetRow[];
}

interface Tables {
  readonly engines: Map<string, Omit<FleetRow, 'lastDbSuccessAt' | 'lastFilesSuccessAt'>>;
  /** Last successes by engine. */
  readonly db: Map<string, number>;
  readonly files: Map<string, number>;
}

/** Nothing that is known changes rows without being seen. If something does, it is seen after this time. */
const FULL_READ_EVERY_MS = 60_000;

/**
 * Reads every engine, retired ones too; sorted by name if there is no memory.
 *
 * @param memory only for a transaction with one snapshot (REPEATABLE READ), and for one read at a time. The rows are those of the snapshot
 * with and without it: each row carries the number of the transaction that wrote it, and the count tells whether one was removed.
 */
export async function readFleetRows(
  sql: SqlRunner,
  memory: FleetMemory = {},
): Promise<readonly FleetRow[]> {
  const mark = await readMark(sql);
  const kept = await readChanged(sql, mark, memory.kept);
  memory.kept = kept ?? (await readAll(sql, mark));
  return memory.kept.rows;
}

const SUCCESSES = `engine_last_success WHERE scope IN ('db', 'files')`;

interface Mark {
  source: string;
  xmin: string;
  engines: number;
  successes: number;
}

async function readMark(sql: SqlRunner): Promise<Mark> {
  const [row]: Mark[] = await sql.query(
    `SELECT concat_ws('/', pg_postmaster_start_time(), (SELECT oid FROM pg_database WHERE datname = current_database())) AS source,
       pg_snapshot_xmin(pg_current_snapshot())::xid::text AS xmin,
       (SELECT count(*)::int FROM engine) AS engines, (SELECT count(*)::int FROM ${SUCCESSES}) AS successes`,
  );
  return row!;
}

/** Undefined if everything has to be read. */
async function readChanged(
  sql: SqlRunner,
  mark: Mark,
  kept: Kept | undefined,
): Promise<Kept | undefined> {
  if (kept?.source !== mark.source) return undefined;
  if (performance.now() - kept.fullyReadAtMs > FULL_READ_EVERY_MS) return undefined;
  const changed = await readTables(sql, kept.xmin);
  const { tables } = kept;
  add(changed, tables);
  // A row that was removed is still among them.
  if (tables.engines.size !== mark.engines) return undefined;
  if (tables.db.size + tables.files.size !== mark.successes) return undefined;
  const isChanged = changed.engines.length > 0 || changed.successes.length > 0;
  return { ...kept, xmin: mark.xmin, rows: isChanged ? rowsOf(tables) : kept.rows };
}

async function readAll(sql: SqlRunner, { source, xmin }: Mark): Promise<Kept> {
  const tables: Tables = { engines: new Map(), db: new Map(), files: new Map() };
  const fullyReadAtMs = performance.now();
  add(await readTables(sql, null), tables);
  return { source, xmin, fullyReadAtMs, tables, rows: rowsOf(tables) };
}

interface Columns {
  readonly engines: readonly {
    fqdn: string;
    watched_since: number;
    retired_at: number | null;
    alert_period_days: number | null;
    alert_period_changed_at: number | null;
    broker_user: string | null;
  }[];
  readonly successes: readonly { fqdn: string; is_db: boolean; counted_at: number }[];
}

/** @param xmin if given, at least the rows that were written by transactions from this one on */
async function readTables(sql: SqlRunner, xmin: string | null): Promise<Columns> {
  // By their ages, numbers of transactions compare well also after they have begun from the smallest one again.
  const isChanged = xmin === null ? 'true' : 'age(xmin) <= age($1::xid)';
  const parameters = xmin === null ? [] : [xmin];
  return {
    engines: await sql.query(
      `SELECT fqdn, ${msOf('watched_since')} AS watched_since, ${msOf('retired_at')} AS retired_at,
         alert_period_days::float8 AS alert_period_days, ${msOf('alert_period_changed_at')} AS alert_period_changed_at, broker_user
       FROM engine WHERE ${isChanged} ORDER BY fqdn`,
      parameters,
    ),
    successes: await sql.query(
      `SELECT fqdn, scope = 'db' AS is_db, ${msOf('counted_at')} AS counted_at FROM ${SUCCESSES} AND ${isChanged}`,
      parameters,
    ),
  };
}

function add(columns: Columns, { engines, db, files }: Tables): void {
  for (const row of columns.engines)
    engines.set(row.fqdn, {
      fqdn: row.fqdn,
      watchedSinceAt: row.watched_since,
      retiredAt: row.retired_at,
      ownPeriod: { days: row.alert_period_days, changedAt: row.alert_period_changed_at },
      brokerUser: row.broker_user,
    });
  for (const row of columns.successes) (row.is_db ? db : files).set(row.fqdn, row.counted_at);
}

function rowsOf({ engines, db, files }: Tables): FleetRow[] {
  // Field by field: a spread of 10,000 engines would cost more than the rest.
  return Array.from(engines.values(), (engine) => ({
    fqdn: engine.fqdn,
    watchedSinceAt: engine.watchedSinceAt,
    retiredAt: engine.retiredAt,
    ownPeriod: engine.ownPeriod,
    brokerUser: engine.brokerUser,
    lastDbSuccessAt: db.get(engine.fqdn) ?? null,
    lastFilesSuccessAt: files.get(engine.fqdn) ?? null,
  }));
}
