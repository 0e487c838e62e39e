import type { AuditQuery, ListedAudit } from '@backup-awareness/database';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A row gets its id before the commit, so that it can appear after a row with a later id. So many ids before the newest one are
 * read again each time.
 */
const IDS_READ_AGAIN = 2_000;
const ROWS_AT_ONCE = 5_000;
const POLL_MS = 500;

export interface FollowOptions {
  /** How many existing rows to show first. */
  readonly limit: number;
  readonly show: (row: ListedAudit) => void;
  /** Called when the newest row that was shown is gone: what the log has now is then shown from its newest rows on. */
  readonly onReplaced: () => void;
  /** Ends it; without one it runs as long as the process. */
  readonly signal?: AbortSignal;
}

/** Shows the newest rows, and then every new row, each once. */
export async function followAudit(
  list: (query: Pick<AuditQuery, 'after' | 'limit'>) => Promise<ListedAudit[]>,
  { limit, show, onReplaced, signal }: FollowOptions,
): Promise<void> {
  let { newest, oldest, seen } = await showFirst();
  while (!signal?.aborted) {
    const again = newest - BigInt(IDS_READ_AGAIN);
    // The first one shown is read again, too: a row that is gone tells that the database was restored.
    const from = again > oldest ? again : oldest - 1n;
    const rows = await list({ after: String(from > 0n ? from : 0n), limit: ROWS_AT_ONCE });
    if (newest > 0n && !rows.some((row) => idOf(row) === newest)) {
      onReplaced();
      ({ newest, oldest, seen } = await showFirst());
      continue;
    }
    for (const row of rows) {
      if (seen.has(row.audit_log_id)) continue;
      seen.add(row.audit_log_id);
      show(row);
    }
    const last = idOf(rows.at(-1));
    if (last > newest) newest = last;
    forget(seen, newest - BigInt(IDS_READ_AGAIN));
    if (rows.length < ROWS_AT_ONCE) await sleep(POLL_MS, undefined, { ...(signal && { signal }) });
  }

  async function showFirst() {
    const first = await list({ limit });
    for (const row of first) show(row);
    return {
      newest: idOf(first.at(-1)),
      // Rows before the first one shown were left out on purpose, and must not appear as if they were new.
      oldest: idOf(first[0]),
      seen: new Set(first.map(({ audit_log_id: id }) => id)),
    };
  }
}

function idOf(row: ListedAudit | undefined): bigint {
  return row === undefined ? 0n : BigInt(row.audit_log_id);
}

function forget(seen: Set<string>, upTo: bigint): void {
  if (seen.size <= 4 * IDS_READ_AGAIN) return;
  for (const id of seen) if (BigInt(id) <= upTo) seen.delete(id);
}
