import type { SqlRunner } from '../connection/sql-runner.js';
import { textArray } from '../connection/text-array.js';

/** What decides whether a row may be stored: the engine that it is a report about (null if it is not a report), and its sender. */
export interface SenderOf<Row> {
  readonly reportOf: (row: Row) => string | null;
  /** The user id validated by the broker; null without one. */
  readonly reportedBy: (row: Row) => string | null;
}

/** Why a row is left out, while others are stored. */
export type LeftOut = 'not_authorised' | 'unknown_engine';

/**
 * Parts of a WITH, for `admissionColumns` as `reportOf`, `reportedBy` and `names`:
 *
 * - `refused`: reports, by `ordinal`, whose sender may not report about this engine: the engine has another broker user, or it has none
 *   and the sender is the user of another engine. While no engine has a broker user, an empty index shows that at once.
 * - `unknown`: the names of engines that are not registered.
 *
 * Looks engines up one by one: for a join the planner would read all engines.
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

/** Condition for the rows, with their `ordinal`, that may be stored; `reportOf` is the column with a report's engine. */
export function isAdmitted(reportOf: string): string {
  return `ordinal <> ALL (ARRAY(SELECT ordinal FROM refused))
  AND (${reportOf} <> ALL (ARRAY(SELECT name FROM unknown))) IS NOT FALSE`;
}

/** Selects what was left out: refused rows by index, unknown engines by name. */
export const LEFT_OUT_SQL = `SELECT ordinal::int - 1 AS index, NULL AS name FROM refused
UNION ALL SELECT NULL, name FROM unknown`;

/** The three parameters of `admissionSql`. */
export function admissionColumns<Row>(
  rows: readonly Row[],
  { reportOf, reportedBy }: SenderOf<Row>,
): [reportOf: Buffer, reportedBy: Buffer, names: Buffer] {
  return [textArray(rows, reportOf), textArray(rows, reportedBy), engineNames(rows, reportOf)];
}

/** The engines that rows are reports about, each once. */
export function engineNames<Row>(
  rows: readonly Row[],
  reportOf: (row: Row) => string | null,
): Buffer {
  const names = new Set<string | null>();
  for (const row of rows) names.add(reportOf(row));
  names.delete(null);
  return textArray([...names], (name) => name);
}

/** The rows that were left out, by index, from the result of LEFT_OUT_SQL. A refused sender does not learn which engines are known. */
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

/** Finds the rows to leave out, without storing anything. */
export async function findLeftOut<Row>(
  source: SqlRunner,
  rows: readonly Row[],
  senderOf: SenderOf<Row>,
): Promise<Map<number, LeftOut>> {
  const sql = `WITH ${admissionSql('$1', '$2', '$3')} ${LEFT_OUT_SQL}`;
  return leftOutOf(rows, senderOf, await source.query(sql, admissionColumns(rows, senderOf)));
}
