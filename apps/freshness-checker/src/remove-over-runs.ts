import { textArray, type OpenRunRow, type SqlRunner } from '@backup-awareness/database';
import { judgeRun } from '@backup-awareness/freshness';

/**
 * Removes runs that are over from those that may be open. One of which a further start has come meanwhile stays, and so does one that is
 * superseded by a success of the future only, which an administrator may discount.
 *
 * What is being written is passed over, so that nobody waits for anybody: the next check finds it.
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
  await transaction.query(
    `WITH over AS (
       SELECT unnest($1::text[]) COLLATE "C" AS fqdn, unnest($2::text[]) COLLATE "C" AS run_id,
         unnest($3::text[]) COLLATE "C" AS scope, unnest($4::text[])::bigint AS starts
     ), locked AS (
       SELECT run.fqdn, run.run_id, run.scope FROM open_run run JOIN over USING (fqdn, run_id, scope)
       WHERE run.starts = over.starts ORDER BY 1, 2, 3 FOR UPDATE OF run SKIP LOCKED
     )
     DELETE FROM open_run run USING locked
     WHERE run.fqdn = locked.fqdn AND run.run_id = locked.run_id AND run.scope = locked.scope`,
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
