import { parseSetting } from '@backup-awareness/contracts/plain';
import type { SqlRunner } from '@backup-awareness/database/connection';
import type { OvirtImportDocument } from '@backup-awareness/overview/documents';
import type { LastSuccess, LastSuccesses, LeftOut, LeftOutReason } from './last-successes.js';

/** The settings that oVirt has, too. */
export const OVIRT_SETTINGS = ['BackupCheckPeriodInHours', 'BackupAlertPeriodInDays'] as const;

export type PlannedSetting = OvirtImportDocument['settings'][number];

/** What we know of the engines that oVirt's table names, and the settings that we have. */
export interface OurSide {
  readonly engines: ReadonlyMap<
    string,
    { readonly brokerUser: string | null; readonly isRetired: boolean }
  >;
  /** Of these successes, those that are stored already, or later ones are. */
  readonly known: ReadonlySet<LastSuccess>;
  /** How many unknown engines reports may still register. */
  readonly mayRegister: number;
  /** Whether the broker user that is to publish is that of an engine's host, so that it may report about no other. */
  readonly isUserOfHost: boolean;
  readonly settings: ReadonlyMap<string, string>;
}

/** @param brokerUser the user that is to publish the reports; undefined if it is not configured */
export async function readOurSide(
  sql: SqlRunner,
  last: readonly LastSuccess[],
  brokerUser: string | undefined,
): Promise<OurSide> {
  const fqdns = last.map(({ fqdn }) => fqdn);
  const engines: { fqdn: string; brokerUser: string | null; isRetired: boolean }[] =
    await sql.query(
      `SELECT fqdn, broker_user AS "brokerUser", retired_at IS NOT NULL AS "isRetired" FROM engine WHERE fqdn = ANY ($1)`,
      [fqdns],
    );
  const known: { index: number }[] = await sql.query(
    `SELECT ordinal::int - 1 AS index
     FROM unnest($1::text[], $2::text[], $3::timestamptz[]) WITH ORDINALITY AS success (fqdn, scope, done_at, ordinal)
     JOIN engine_last_success stored USING (fqdn, scope) WHERE stored.counted_at >= success.done_at`,
    [fqdns, last.map(({ scope }) => scope), last.map(({ doneAt }) => doneAt)],
  );
  const settings: { name: string; value: string }[] = await sql.query(
    `SELECT option_name AS name, option_value AS value FROM vdc_options WHERE version = 'general'`,
  );
  const [counts]: { registered: number; isUserOfHost: boolean }[] = await sql.query(
    `SELECT count(*) FILTER (WHERE registered_by = 'report' AND retired_at IS NULL)::int AS registered,
       coalesce(bool_or(broker_user = $1), false) AS "isUserOfHost" FROM engine`,
    [brokerUser ?? null],
  );
  const values = new Map(settings.map(({ name, value }) => [name, value]));
  return {
    engines: new Map(engines.map((engine) => [engine.fqdn, engine])),
    known: new Set(known.map(({ index }) => last[index]!)),
    mayRegister: Math.max(0, Number(values.get('EngineRegistrationMax')) - counts!.registered),
    isUserOfHost: counts!.isUserOfHost,
    settings: values,
  };
}

export interface ImportPlan {
  readonly publish: readonly LastSuccess[];
  readonly alreadyKnown: number;
  readonly retired: readonly string[];
  readonly leftOut: readonly LeftOut[];
  readonly settings: readonly PlannedSetting[];
}

/** What an import does: which reports it publishes, and which settings it changes. */
export function planImport(
  { last, leftOut }: LastSuccesses,
  theirSettings: ReadonlyMap<string, string>,
  ours: OurSide,
  brokerUser: string | undefined,
): ImportPlan {
  const publish: LastSuccess[] = [];
  const refused: LeftOut[] = [];
  const registered = new Set<string>();
  const refusalOf = ({ fqdn }: LastSuccess): LeftOutReason | undefined => {
    const engine = ours.engines.get(fqdn);
    const onlyFrom = engine?.brokerUser ?? null;
    if (onlyFrom === null ? ours.isUserOfHost : onlyFrom !== brokerUser) return 'other_broker_user';
    if (engine || registered.has(fqdn)) return undefined;
    if (registered.size >= ours.mayRegister) return 'too_many_engines';
    registered.add(fqdn);
    return undefined;
  };
  for (const success of last) {
    if (ours.known.has(success)) continue;
    const reason = refusalOf(success);
    if (reason) refused.push({ ...success, reason });
    else publish.push(success);
  }
  const isRetired = ({ fqdn }: LastSuccess) => ours.engines.get(fqdn)?.isRetired === true;
  return {
    publish,
    alreadyKnown: ours.known.size,
    retired: [...new Set(publish.filter(isRetired).map(({ fqdn }) => fqdn))],
    leftOut: [...leftOut, ...refused],
    settings: OVIRT_SETTINGS.map((name) => planSetting(name, theirSettings, ours.settings)),
  };
}

function planSetting(
  name: string,
  theirs: ReadonlyMap<string, string>,
  ours: ReadonlyMap<string, string>,
): PlannedSetting {
  const from = ours.get(name) ?? '';
  const to = theirs.get(name) ?? null;
  if (to === null) return { name, outcome: 'missing', from, to, expected: null };
  const parsed = parseSetting(name, to);
  if (!parsed.ok) return { name, outcome: 'refused', from, to, expected: parsed.invalid.expected };
  const outcome = Number(from) === Number(parsed.value) ? 'unchanged' : 'changed';
  return { name, outcome, from, to: parsed.value, expected: null };
}
