import type { SqlRunner } from './sql-runner.js';

/**
 * A part of a WITH: the reports that are not authorised, since their engine's count from another broker user only, by their `ordinal`.
 * `report_of` (null for what is no report) and `reported_by` are arrays, as `$1`. Where no engine has a broker user, an empty index
 * says so at once; else each report looks its engine up. No join: the planner would read all engines for it.
 */
export function refusedSql(reportOf: string, reportedBy: string): string {
  return `refused AS MATERIALIZED (
  SELECT ordinal
  FROM unnest(${reportOf}::text[], ${reportedBy}::text[]) WITH ORDINALITY AS report (report_of, reported_by, ordinal)
  WHERE EXISTS (SELECT FROM engine WHERE broker_user IS NOT NULL)
    AND (SELECT broker_user FROM engine WHERE fqdn = report_of) <> coalesce(reported_by, '')
)`;
}

/** Of rows with an `ordinal`, those that are not among the refused. */
export const IS_AUTHORISED = 'ordinal <> ALL (ARRAY(SELECT ordinal FROM refused))';

/** The refused, as indexes of the arrays. */
export const REFUSED_INDEXES_SQL = 'SELECT ordinal::int - 1 AS index FROM refused';

/** Finds the refused by itself, storing nothing: REPORT_OF and REPORTED_BY, as `textArray` makes them. @returns their indexes */
export async function findUnauthorised(
  source: SqlRunner,
  reporters: readonly [reportOf: Buffer, reportedBy: Buffer],
): Promise<number[]> {
  const sql = `WITH ${refusedSql('$1', '$2')} ${REFUSED_INDEXES_SQL}`;
  return indexesOf(await source.query(sql, reporters));
}

/** The rows of these statements as plain indexes. */
export function indexesOf(rows: readonly { readonly index: number }[]): number[] {
  return rows.map(({ index }) => index);
}
