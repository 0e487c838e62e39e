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
  // Row by row by their key: a join could be planned by statistics of a time when the table was empty.
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
