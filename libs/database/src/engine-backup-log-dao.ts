import { normalizeFqdn } from '@backup-awareness/contracts';
import type { EntityManager } from 'typeorm';
import { LAST_SUCCESSES, msOf } from './sql.js';
import { EngineLastSuccess } from './entities/engine-last-success.entity.js';

export interface LastFullBackup {
  readonly fqdn: string;
  readonly lastDbSuccessAt: Date | null;
  readonly lastFilesSuccessAt: Date | null;
  /** The earlier of the two, null while one is missing. */
  readonly lastFullBackupAt: Date | null;
}

export interface HistoryQuery {
  readonly fqdn: string;
  readonly limit: number;
  /** The `next` of the page before; the newest page without it. */
  readonly before?: HistoryPosition | undefined;
}

export interface HistoryPosition {
  readonly doneAt: string;
  readonly eventId: string;
}

/** A report as it was stored; instants are RFC 3339 in UTC with microseconds. */
export interface HistoryEntry extends HistoryPosition {
  readonly fqdn: string;
  readonly scope: string;
  readonly isPassed: boolean | null;
  readonly outputMessage: string;
  readonly logPath: string;
  readonly runId: string | null;
  readonly receivedAt: string;
  readonly countedAt: string;
  readonly reportedBy: string | null;
}

export interface HistoryPage {
  readonly entries: readonly HistoryEntry[];
  /** Where the next page begins, null on the last one. */
  readonly next: HistoryPosition | null;
}

/** Reads what is known of engines' backups, of a data source or within a transaction. It can only get. */
export class EngineBackupLogDao {
  constructor(private readonly source: Pick<EntityManager, 'query' | 'getRepository'>) {}

  /** When the engine's last success of this scope counts, null where there is none. */
  async lastSuccess(fqdn: string, scope: string): Promise<Date | null> {
    const name = normalizeFqdn(fqdn);
    if (name === undefined) return null;
    const last = await this.source
      .getRepository(EngineLastSuccess)
      .findOneBy({ fqdn: name, scope });
    return last?.countedAt ?? null;
  }

  /** Every engine's last full backup, or that of the engines asked for, by name; engines known only by a success in the log are among them. */
  async lastFullBackups(fqdns?: readonly string[]): Promise<LastFullBackup[]> {
    const known = 'SELECT fqdn FROM engine UNION SELECT fqdn FROM engine_last_success';
    const rows: { fqdn: string; db: number | null; files: number | null }[] =
      await this.source.query(
        `SELECT engine.fqdn, ${msOf('db.counted_at')} AS db, ${msOf('files.counted_at')} AS files
         FROM (${known}) engine ${LAST_SUCCESSES}
         ${fqdns === undefined ? '' : 'WHERE engine.fqdn = ANY ($1)'} ORDER BY engine.fqdn`,
        fqdns === undefined ? [] : [fqdns],
      );
    return rows.map(({ fqdn, db, files }) => ({
      fqdn,
      lastDbSuccessAt: dateOf(db),
      lastFilesSuccessAt: dateOf(files),
      lastFullBackupAt: db === null || files === null ? null : new Date(Math.min(db, files)),
    }));
  }

  /** An engine's reports, newest `done_at` first, a page at a time. */
  async history({ fqdn, limit, before }: HistoryQuery): Promise<HistoryPage> {
    const name = normalizeFqdn(fqdn);
    if (name === undefined) return { entries: [], next: null };
    const rows: HistoryEntry[] = await this.source.query(
      `SELECT fqdn, event_id AS "eventId", scope, ${instant('done_at')} AS "doneAt", is_passed AS "isPassed",
         output_message AS "outputMessage", log_path AS "logPath", run_id AS "runId",
         ${instant('received_at')} AS "receivedAt", ${instant('counted_at')} AS "countedAt", reported_by AS "reportedBy"
       FROM engine_backup_log
       WHERE fqdn = $1 ${before ? 'AND done_at <= $3::timestamptz AND (done_at < $3::timestamptz OR event_id > $4)' : ''}
       ORDER BY engine_backup_log.done_at DESC, event_id LIMIT $2`,
      [name, limit + 1, ...(before ? [before.doneAt, before.eventId] : [])],
    );
    const entries = rows.slice(0, limit);
    const last = entries.at(-1);
    const hasMore = rows.length > limit && last !== undefined;
    return { entries, next: hasMore ? { doneAt: last.doneAt, eventId: last.eventId } : null };
  }
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}

function instant(column: string): string {
  return `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
