import type { SqlRunner } from '@backup-awareness/database/connection';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShowProgress } from '../output/progress.js';
import type { LastSuccess } from './last-successes.js';
import { idOf } from './report-of.js';

const POLL_MS = 200;
/** If none is stored for so long, ingest is busy or does not run; what is confirmed stays in its queue. */
const STALLED_MS = 5_000;

/** Waits until the reports of these successes are stored, but not while none is. @returns how many are */
export async function untilStored(
  sql: SqlRunner,
  successes: readonly LastSuccess[],
  show: ShowProgress,
): Promise<number> {
  const fqdns = successes.map(({ fqdn }) => fqdn);
  const ids = successes.map(idOf);
  let stored = 0;
  let progressAt = performance.now();
  while (stored < ids.length && performance.now() - progressAt < STALLED_MS) {
    const [row]: { stored: number }[] = await sql.query(
      `SELECT count(*)::int AS stored FROM unnest($1::text[], $2::text[]) AS report (fqdn, event_id)
       JOIN engine_backup_log USING (fqdn, event_id)`,
      [fqdns, ids],
    );
    if (row!.stored > stored) progressAt = performance.now();
    stored = row!.stored;
    show(stored, ids.length);
    if (stored < ids.length) await sleep(POLL_MS);
  }
  return stored;
}
