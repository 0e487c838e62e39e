import { parseSetting } from '@backup-awareness/contracts/plain';
import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import {
  daysToMs,
  successesKnownSince,
  type EngineHistory,
  type KnownSuccess,
  type TimeSpan,
} from '@backup-awareness/freshness';
import { byFqdn, readAuditedEvents, type AuditedEvent } from './audited-changes.js';
import type { HistoryBasis } from './history-basis.js';
import {
  readFirstReports,
  readLastSuccessesBefore,
  readSuccesses,
  type SuccessOfEngine,
} from './known-successes.js';
import { knownMonitoring, type MonitoringEvent, type KnownMonitoring } from './known-monitoring.js';
import { later, knownValidTimeline, type KnownTimeline } from './known-timeline.js';

/** An engine's history as far as it is kept. Instants are whole milliseconds since 1970. */
export interface KnownHistory {
  readonly history: EngineHistory;
  /** Since when its verdict is known; null: from the beginning. */
  readonly knownSinceAt: number | null;
  /** Administrators' changes and dismissals for it, in order of time. */
  readonly events: readonly AuditedEvent[];
}

/** Few enough to keep them in memory with all their successes of some months. */
const PAGE_ENGINES = 200;

/**
 * The histories of all engines by name, a page at a time, for verdicts within a span of time. The cost depends on the number of
 * engines and on the reports of that span and since.
 *
 * @param options.withPeriodsDays further alert periods to read for, besides those that were in force
 */
export async function* readEngineHistories(
  sql: SqlRunner,
  basis: HistoryBasis,
  options: { readonly span: TimeSpan; readonly withPeriodsDays?: readonly number[] },
): AsyncGenerator<KnownHistory[]> {
  const { span, withPeriodsDays = [] } = options;
  for (let after = ''; ;) {
    const engines: EngineColumns[] = await sql.query(
      `${ENGINES} WHERE fqdn > $1 ORDER BY fqdn LIMIT ${PAGE_ENGINES}`,
      [after],
    );
    if (engines.length === 0) return;
    after = engines.at(-1)!.fqdn;
    const known = await readKnown(sql, engines, basis.now);
    const maximumAgeMs = Math.max(...periodsDays(basis, known, withPeriodsDays).map(daysToMs));
    const countedFrom = span.from - maximumAgeMs;
    const successes = await readSuccesses(sql, fqdnsOf(engines), {
      countedFrom,
      receivedBefore: span.until,
    });
    const young = successes.filter(
      ({ receivedAt, countedAt }) => receivedAt <= span.from && countedAt >= countedFrom,
    );
    const older = await readOlder(sql, known, young, span.from);
    const successesOf = byFqdn(successes);
    const olderOf = byFqdn(older);
    yield known.map((engine) => {
      const kept = successesOf.get(engine.fqdn) ?? [];
      const before = olderOf.get(engine.fqdn) ?? [];
      return knownHistory(engine, basis, kept, { before, maximumAgeMs });
    });
  }
}

/** One engine's history with all that is kept of it; undefined for an unknown engine. */
export async function readEngineHistory(
  sql: SqlRunner,
  basis: HistoryBasis,
  fqdn: string,
): Promise<KnownHistory | undefined> {
  const engines: EngineColumns[] = await sql.query(`${ENGINES} WHERE fqdn = $1`, [fqdn]);
  const [known] = await readKnown(sql, engines, basis.now);
  if (!known) return undefined;
  const successes = await readSuccesses(sql, [fqdn], {
    countedFrom: null,
    receivedBefore: basis.now + 1,
  });
  return knownHistory(known, basis, successes);
}

const ENGINES = `
SELECT fqdn, ${msOf('watched_since')} AS "watchedSinceAt", ${msOf('retired_at')} AS "retiredAt",
  alert_period_days::float8 AS "ownPeriodDays", ${msOf('alert_period_changed_at')} AS "ownPeriodChangedAt",
  ARRAY (SELECT scope::text FROM engine_last_success last WHERE last.fqdn = engine.fqdn AND scope IN ('db', 'files')) AS scopes
FROM engine`;

interface EngineColumns {
  readonly fqdn: string;
  readonly watchedSinceAt: number;
  readonly retiredAt: number | null;
  readonly ownPeriodDays: number | null;
  readonly ownPeriodChangedAt: number | null;
  /** The scopes of a full backup that have ever succeeded. */
  readonly scopes: readonly ('db' | 'files')[];
}

interface KnownEngine {
  readonly fqdn: string;
  readonly scopes: EngineColumns['scopes'];
  readonly monitoring: KnownMonitoring;
  readonly ownPeriodDays: KnownTimeline<number | null>;
  readonly events: readonly AuditedEvent[];
}

function fqdnsOf(engines: readonly { readonly fqdn: string }[]): string[] {
  return engines.map(({ fqdn }) => fqdn);
}

async function readKnown(
  sql: SqlRunner,
  engines: readonly EngineColumns[],
  now: number,
): Promise<KnownEngine[]> {
  const eventsOf = byFqdn(await readAuditedEvents(sql, fqdnsOf(engines)));
  const monitoringOf = (fqdn: string): MonitoringEvent[] =>
    (eventsOf.get(fqdn) ?? []).flatMap(({ at, name, watchedSinceAt }) =>
      name === 'EngineAdded' || name === 'EngineRetired'
        ? [{ at, what: name === 'EngineAdded' ? 'added' : 'retired', watchedSinceAt } as const]
        : [],
    );
  // Those whose first event is a retirement that does not record since when they were monitored.
  const ofUnknownBeginning = engines.filter(({ fqdn, watchedSinceAt }) => {
    const [first] = monitoringOf(fqdn);
    const isEarlier = first?.what === 'retired' && first.at < watchedSinceAt;
    return isEarlier && first.watchedSinceAt === null;
  });
  const firstReports = await readFirstReports(sql, fqdnsOf(ofUnknownBeginning));
  return engines.map((engine) => {
    const { fqdn, scopes, ownPeriodDays, ownPeriodChangedAt } = engine;
    const events = eventsOf.get(fqdn) ?? [];
    return {
      fqdn,
      scopes,
      events,
      monitoring: knownMonitoring(engine, monitoringOf(fqdn), firstReports.get(fqdn) ?? null),
      ownPeriodDays: knownValidTimeline(
        { value: ownPeriodDays, changedAt: ownPeriodChangedAt },
        events
          .filter(({ name }) => name === 'SettingChanged')
          .filter(({ what }) => what === 'BackupAlertPeriodInDays')
          .map(({ at, from, to }) => ({ at, from: daysOf(from), to: daysOf(to) })),
        now,
        (days) => !Number.isNaN(days),
      ),
    };
  });
}

/** An engine's own period; null: it had none; NaN: the value is invalid. */
function daysOf(text: string | null): number | null {
  if (text === null) return null;
  const days = parseSetting('BackupAlertPeriodInDays', text);
  return days.ok ? Number(days.value) : NaN;
}

function periodsDays(
  { settings }: HistoryBasis,
  engines: readonly KnownEngine[],
  others: readonly number[],
): number[] {
  const { first, changes } = settings.alertPeriodDays;
  const own = engines.flatMap(({ ownPeriodDays: { timeline } }) => [
    timeline.first,
    ...timeline.changes.map(({ to }) => to),
  ]);
  return [first, ...changes.map(({ to }) => to), ...own.filter((days) => days !== null), ...others];
}

/** The last successes at the beginning of a span, where they are older than any maximum age. */
function readOlder(
  sql: SqlRunner,
  engines: readonly KnownEngine[],
  known: readonly SuccessOfEngine[],
  from: number,
): Promise<SuccessOfEngine[]> {
  const isKnown = new Set(known.map(({ fqdn, scope }) => `${fqdn} ${scope}`));
  const all = engines.flatMap(({ fqdn, scopes }) => scopes.map((scope) => ({ fqdn, scope })));
  const unknown = all.filter(({ fqdn, scope }) => !isKnown.has(`${fqdn} ${scope}`));
  return readLastSuccessesBefore(sql, unknown, from);
}

/**
 * @param kept successes in the order of receipt: all of the engine, or where `window` is given those that count later than a maximum age
 * before the span that is asked about
 * @param window.before what was known at its beginning
 */
function knownHistory(
  { fqdn, monitoring, ownPeriodDays, events }: KnownEngine,
  { knownSinceAt, reportsRemovedBefore }: HistoryBasis,
  kept: readonly KnownSuccess[],
  window?: { readonly before: readonly KnownSuccess[]; readonly maximumAgeMs: number },
): KnownHistory {
  return {
    history: {
      fqdn,
      monitoring: monitoring.timeline,
      ownPeriodDays: ownPeriodDays.timeline,
      successes: window ? [...window.before, ...kept] : kept,
    },
    events,
    knownSinceAt: [
      monitoring.knownSinceAt,
      ownPeriodDays.knownSinceAt,
      lostUntil(monitoring, reportsRemovedBefore, kept, window?.maximumAgeMs ?? Infinity),
    ].reduce(later, knownSinceAt),
  };
}

/** Until when a success that was removed may have been the last one, and young enough; null: never. */
function lostUntil(
  { beganAt }: KnownMonitoring,
  removedBefore: number | null,
  kept: readonly KnownSuccess[],
  maximumAgeMs: number,
): number | null {
  if (removedBefore === null || (beganAt !== null && beganAt >= removedBefore)) return null;
  return Math.min(successesKnownSince(kept, removedBefore), removedBefore + maximumAgeMs + 1);
}
