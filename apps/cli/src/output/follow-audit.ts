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
  /** Ends it; without one it runs as long as the process. */
  readonly signal?: AbortSignal;
}

/** Shows the newest rows, and then every new row, each once. */
export async function followAudit(
  list: (query: Pick<AuditQuery, 'after' | 'limit'>) => Promise<ListedAudit[]>,
  { limit, show, signal }: FollowOptions,
): Promise<void> {
  const first = await list({ limit });
  for (const row of first) show(row);
  let newest = idOf(first.at(-1));
  // Rows before the first one shown were left out on purpose, and must not appear as if they were new.
  const oldest = idOf(first[0]);
  const seen = new Set(first.map(({ audit_log_id: id }) => id));
  while (!signal?.aborted) {
    const again = newest - BigInt(IDS_READ_AGAIN);
    const from = again > oldest ? again : oldest;
    const rows = await list({ after: String(from > 0n ? from : 0n), limit: ROWS_AT_ONCE });
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
}

function idOf(row: ListedAudit | undefined): bigint {
  return row === undefined ? 0n : BigInt(row.audit_log_id);
}

function forget(seen: Set<string>, upTo: bigint): void {
  if (seen.size <= 4 * IDS_READ_AGAIN) return;
  for (const id of seen) if (BigInt(id) <= upTo) seen.delete(id);
}
