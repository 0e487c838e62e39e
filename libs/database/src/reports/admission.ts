import type { SqlRunner } from '../connection/sql-runner.js';
import { textArray } from '../connection/text-array.js';

/** What is asked of a row before it is stored: the engine it is a report of (null for what is no report), and who sent it. */
export interface SenderOf<Row> {
  readonly reportOf: (row: Row) => string | null;
  /** The broker's validated user, null where there is none. */
  readonly reportedBy: (row: Row) => string | null;
}

/** Why a row is left out by itself, whatever is stored. */
export type LeftOut = 'not_authorised' | 'unknown_engine';

/**
 * Parts of a WITH, for `admissionColumns` as `reportOf`, `reportedBy` and `names`:
 *
 * - `refused`: reports, by their `ordinal`, whose sender may not report about this engine: it has another broker user, or has none while
 *   the sender is the user of another engine. Where no engine has a broker user, an empty index says so at once.
 * - `unknown`: engines, by name, that are not known yet.
 *
 * Looked up one by one, with no join: the planner would read all engines for it.
 */
export function admissionSql(reportOf: string, reportedBy: string, names: string): string {
  return `refused AS MATERIALIZED (
  SELECT ordinal
  FROM unnest(${reportOf}::text[], ${reportedBy}::text[]) WITH ORDINALITY AS report (report_of, reported_by, ordinal)
  WHERE EXISTS (SELECT FROM engine WHERE broker_user IS NOT NULL) AND report_of IS NOT NULL
    AND coalesce((SELECT broker_user FROM engine WHERE fqdn = report_of) <> coalesce(reported_by, ''),
      EXISTS (SELECT FROM engine WHERE broker_user = reported_by))
), unknown AS MATERIALIZED (
  SELECT name FROM unnest(${names}::text[]) AS seen (name) WHERE (SELECT true FROM engine WHERE fqdn = name) IS NULL
)`;
}

/** Of rows with an `ordinal`, those that may be stored; `reportOf` is the column that names a report's engine. */
export function isAdmitted(reportOf: string): string {
  return `ordinal <> ALL (ARRAY(SELECT ordinal FROM refused))
  AND (${reportOf} <> ALL (ARRAY(SELECT name FROM unknown))) IS NOT FALSE`;
}

/** What was left out: the refused as indexes of the arrays, the unknown by name. */
export const LEFT_OUT_SQL = `SELECT ordinal::int - 1 AS index, NULL AS name FROM refused
UNION ALL SELECT NULL, name FROM unknown`;

/** The arrays of the three parameters. */
export function admissionColumns<Row>(
  rows: readonly Row[],
  { reportOf, reportedBy }: SenderOf<Row>,
): [reportOf: Buffer, reportedBy: Buffer, names: Buffer] {
  return [textArray(rows, reportOf), textArray(rows, reportedBy), engineNames(rows, reportOf)];
}

/** The engines that rows are reports of, each once. */
export function engineNames<Row>(
  rows: readonly Row[],
  reportOf: (row: Row) => string | null,
): Buffer {
  const names = new Set<string | null>();
  for (const row of rows) names.add(reportOf(row));
  names.delete(null);
  return textArray([...names], (name) => name);
}

/** Why some rows were left out, by their indexes, as LEFT_OUT_SQL gives it. Who is refused learns nothing of what is known. */
export function leftOutOf<Row>(
  rows: readonly Row[],
  { reportOf }: SenderOf<Row>,
  found: readonly { readonly index: number | null; readonly name: string | null }[],
): Map<number, LeftOut> {
  const leftOut = new Map<number, LeftOut>();
  if (found.length === 0) return leftOut;
  const unknown = new Set(found.map(({ name }) => name));
  unknown.delete(null);
  if (unknown.size > 0)
    rows.forEach((row, index) => {
      if (unknown.has(reportOf(row))) leftOut.set(index, 'unknown_engine');
    });
  for (const { index } of found) if (index !== null) leftOut.set(index, 'not_authorised');
  return leftOut;
}

/** Finds what is to be left out by itself, storing nothing. */
export async function findLeftOut<Row>(
  source: SqlRunner,
  rows: readonly Row[],
  senderOf: SenderOf<Row>,
): Promise<Map<number, LeftOut>> {
  const sql = `WITH ${admissionSql('$1', '$2', '$3')} ${LEFT_OUT_SQL}`;
  return leftOutOf(rows, senderOf, await source.query(sql, admissionColumns(rows, senderOf)));
}
