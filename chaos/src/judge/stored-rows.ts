import { domainOf, eventIdOf, logPathOf, type LoadPlan } from '../load/load-plan.js';
import type { Installation } from '../installation/installation.js';

/** The two tables of reports, and the queue from which each is filled. */
export const KEEPERS = [
  { table: 'engine_backup_log', queue: 'backup-awareness.ingest' },
  { table: 'audit_log', queue: 'backup-awareness.audit' },
] as const;
export type Keeper = (typeof KEEPERS)[number];

/** A report in a table. */
export interface StoredRow {
  readonly eventId: string;
  readonly fqdn: string;
  readonly scope: string;
  readonly doneAt: Date;
  readonly status: number;
  readonly outputMessage: string;
  readonly logPath: string;
}

const REPORTS_OF = {
  engine_backup_log: `SELECT event_id, fqdn, scope, done_at, output_message, log_path,
    CASE is_passed WHEN true THEN 1 WHEN false THEN -1 ELSE 0 END AS status FROM engine_backup_log`,
  audit_log: `SELECT event_id, fqdn, data->>'scope' AS scope, (data->>'done_at')::timestamptz AS done_at,
    data->>'output_message' AS output_message, data->>'log_path' AS log_path, (data->>'status')::int AS status
    FROM (SELECT *, custom_data AS data FROM audit_log WHERE event_name LIKE 'ENGINE_BACKUP_%') kept`,
} as const;

const isOf = (load: number): string =>
  `(event_id LIKE $${load} OR log_path LIKE $${load + 1} OR fqdn LIKE $${load + 2})`;
const marksOf = (plan: LoadPlan): string[] => [
  `${eventIdOf(plan, 0).slice(0, -1)}%`,
  `${logPathOf(plan, 0).slice(0, -'0.log'.length)}%`,
  `%.${domainOf(plan)}`,
];

/** All rows of a load. */
export function readRows(
  { query }: Installation,
  { table }: Keeper,
  plan: LoadPlan,
): Promise<StoredRow[]> {
  return query(
    `SELECT event_id AS "eventId", fqdn, scope, done_at AS "doneAt", status, output_message AS "outputMessage",
       log_path AS "logPath"
     FROM (${REPORTS_OF[table]}) report WHERE ${isOf(1)}`,
    marksOf(plan),
  );
}

export async function countRows(
  { query }: Installation,
  { table }: Keeper,
  plan: LoadPlan,
): Promise<number> {
  const [row] = await query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (${REPORTS_OF[table]}) report WHERE ${isOf(1)}`,
    marksOf(plan),
  );
  return row!.count;
}

/** The number of reports that belong to none of these loads. */
export async function countStrangeRows(
  { query }: Installation,
  { table }: Keeper,
  plans: readonly LoadPlan[],
): Promise<number> {
  const [row] = await query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (${REPORTS_OF[table]}) report
     WHERE NOT (${plans.map((_, i) => isOf(1 + 3 * i)).join(' OR ')})`,
    plans.flatMap(marksOf),
  );
  return row!.count;
}
