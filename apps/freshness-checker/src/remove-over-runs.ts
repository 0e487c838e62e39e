import { textArray, type OpenRunRow, type SqlRunner } from '@backup-awareness/database';
import { judgeRun } from '@backup-awareness/freshness';

/**
 * Removes runs that are over from those that may be open. A run stays if another start was stored meanwhile, or if only a success in the
 * future supersedes it, which an administrator may discount.
 *
 * Rows that another transaction is writing are skipped, so that nothing waits: the next check removes them.
 */
export async function removeOverRuns(
  transaction: SqlRunner,
  runs: readonly OpenRunRow[],
  now: number,
): Promise<void> {
  const over = runs
    .filter((run) => isOver(run, now))
    .flatMap(({ fqdn, runId, open }) =>
      open.map(({ scope, starts }) => ({ fqdn, runId: runId ?? '', scope, starts })),
    );
  if (over.length === 0) return;
  // Row by row by key: a join could be planned with statistics from a time when the table was empty.
  await transaction.query(
    `DELETE FROM open_run WHERE ctid = ANY (ARRAY(
       SELECT run.place FROM (
         SELECT unnest($1::text[]) COLLATE "C" AS fqdn, unnest($2::text[]) COLLATE "C" AS run_id,
           unnest($3::text[]) COLLATE "C" AS scope, unnest($4::text[])::bigint AS starts
       ) over CROSS JOIN LATERAL (
         SELECT known.ctid AS place FROM open_run known
         WHERE known.fqdn = over.fqdn AND known.run_id = over.run_id AND known.scope = over.scope AND known.starts = over.starts
         LIMIT 1 FOR UPDATE SKIP LOCKED
       ) run))`,
    (['fqdn', 'runId', 'scope', 'starts'] as const).map((column) =>
      textArray(over, (row) => row[column]),
    ),
  );
}

function isOver(run: OpenRunRow, now: number): boolean {
  const { state } = judgeRun(run);
  if (state !== 'superseded') return state === 'ended';
  return run.scopes.every(({ otherSuccessAt }) => otherSuccessAt !== null && otherSuccessAt <= now);
}
