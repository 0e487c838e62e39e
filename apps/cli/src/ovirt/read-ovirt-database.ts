import type { SqlRunner } from '@backup-awareness/database/connection';
import { performance } from 'node:perf_hooks';
import { readDatabase } from '../installation/database-session.js';
import { placeOf } from '@backup-awareness/contracts/plain';
import { reasonOf, WrongUse } from '../output/failure.js';

/** When a success is dated: only a `past` one can be imported. */
type Dating = 'past' | 'in_future' | 'before_1970';

/** The successes of one engine and scope with the same dating, as oVirt's table has them. */
export interface OvirtSuccesses {
  readonly fqdn: string | null;
  readonly scope: string;
  readonly dating: Dating;
  readonly rows: number;
  /** Of the last one: RFC 3339 in UTC with microseconds; `infinity` and the like if it is not `past`. */
  readonly doneAt: string;
  readonly outputMessage: string;
  readonly logPath: string;
}

/** What an oVirt engine's own database knows about backups. */
export interface OvirtBackups {
  /** All rows of engine_backup_log. */
  readonly rows: number;
  readonly successes: readonly OvirtSuccesses[];
  /** The general value of each setting that is there. */
  readonly settings: ReadonlyMap<string, string>;
  /** The clock that has dated the rows, as it goes on. */
  readonly clock: () => Date;
}

/** Columns and types of oVirt 4.4 and 4.5 that are read. */
const COLUMNS: Readonly<Record<string, string>> = {
  scope: 'character varying',
  done_at: 'timestamp with time zone',
  is_passed: 'boolean',
  output_message: 'text',
  fqdn: 'character varying',
  log_path: 'text',
};

/** A column of our own table: its rows are counted by other rules, and must not be counted a second time by their `done_at`. */
const COLUMN_OF_OURS = 'counted_at';

/** More than a success says. The broker refuses a message over 2 MiB, and tens of thousands must fit into memory. */
const TEXT_CHARACTERS_MAX = 10_000;

const COLUMNS_SQL = `
SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_catalog.pg_attribute
WHERE attrelid = to_regclass('public.engine_backup_log') AND attnum > 0 AND NOT attisdropped`;

const SUCCESSES_SQL = `
SELECT DISTINCT ON (fqdn, scope, dating) fqdn, scope, dating, count(*) OVER (PARTITION BY fqdn, scope, dating)::int AS rows,
  CASE dating WHEN 'past' THEN to_char(done_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE done_at::text END AS "doneAt",
  left(coalesce(output_message, ''), ${TEXT_CHARACTERS_MAX}) AS "outputMessage",
  left(coalesce(log_path, ''), ${TEXT_CHARACTERS_MAX}) AS "logPath"
FROM (
  SELECT *, CASE WHEN done_at > statement_timestamp() THEN 'in_future' WHEN done_at < 'epoch' THEN 'before_1970' ELSE 'past' END AS dating
  FROM public.engine_backup_log WHERE is_passed
) success
ORDER BY fqdn, scope, dating, done_at DESC`;

/**
 * Reads the successes and settings of an oVirt engine's database, in one read-only transaction. The role needs SELECT on
 * `engine_backup_log` and `vdc_options`, and nothing else.
 *
 * @throws WrongUse if it is not the database of an oVirt engine, or may not be read; Unreachable if it does not answer
 */
export async function readOvirtDatabase(
  url: string,
  settingNames: readonly string[],
): Promise<OvirtBackups> {
  return readDatabase(url, async (sql) => {
    requireOvirt(await sql.query(COLUMNS_SQL), url);
    const readable = (statement: string, parameters?: unknown[]) =>
      sql.query(statement, parameters).catch(refuse(url));
    const clock = await readClock(sql);
    const successes: OvirtSuccesses[] = await readable(SUCCESSES_SQL);
    const [count]: { rows: number }[] = await readable(
      'SELECT count(*)::int AS rows FROM public.engine_backup_log',
    );
    const settings: { name: string; value: string }[] = await readable(
      `SELECT option_name AS name, option_value AS value FROM public.vdc_options
       WHERE version = 'general' AND option_name = ANY ($1)`,
      [settingNames],
    );
    return {
      rows: count!.rows,
      successes,
      settings: new Map(settings.map(({ name, value }) => [name, value])),
      clock,
    };
  });
}

/** Taken before the answer: at worst a little ahead, which makes a backup older, never younger. */
async function readClock(sql: SqlRunner): Promise<() => Date> {
  const askedAt = performance.now();
  const [row]: { now: Date }[] = await sql.query('SELECT clock_timestamp() AS now');
  const { now } = row!;
  return () => new Date(now.getTime() + performance.now() - askedAt);
}

function requireOvirt(
  columns: readonly { readonly name: string; readonly type: string }[],
  url: string,
): void {
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const refused = (got: string) =>
    new WrongUse(
      `expected the database of an oVirt engine (4.4 or 4.5), got that at ${placeOf(url)}, ${got}`,
    );
  if (types.size === 0) throw refused('which has no table public.engine_backup_log');
  if (types.has(COLUMN_OF_OURS)) throw refused('which is that of Backup Awareness');
  for (const [name, type] of Object.entries(COLUMNS))
    if (types.get(name) !== type)
      throw refused(
        `whose engine_backup_log.${name} is ${types.get(name) ?? 'missing'} instead of ${type}`,
      );
}

const INSUFFICIENT_PRIVILEGE = '42501';
const MISSING = ['42P01', '42703'];

/** A refused statement in words of this command. */
function refuse(url: string): (error: Error & { code?: string }) => never {
  return (error) => {
    const { code = '' } = error;
    if (code === INSUFFICIENT_PRIVILEGE)
      throw new WrongUse(
        `the user of the database at ${placeOf(url)} may not read it (${reasonOf(error)}): GRANT SELECT ON engine_backup_log, vdc_options TO that user`,
      );
    if (MISSING.includes(code))
      throw new WrongUse(
        `expected the database of an oVirt engine (4.4 or 4.5), got that at ${placeOf(url)}: ${reasonOf(error)}`,
      );
    throw error;
  };
}
