import { isAboutRun } from '../state/active-alerts.js';
import type { FleetEngine } from '../state/engine-situations.js';

/** How engines stand, the worst first. `stuck` is fresh, but one of its runs does not end. */
export const STANDINGS = [
  'no_full_backup',
  'too_old',
  'unknown',
  'stuck',
  'fresh',
  'retired',
] as const;

export type Standing = (typeof STANDINGS)[number];

/** How an engine stands; `unknown` also if it cannot be judged, or while the time is unknown. */
export function standingOf({ retiredAt, freshness, activeAlerts }: FleetEngine): Standing {
  if (retiredAt !== null) return 'retired';
  const verdict = freshness?.verdict ?? 'unknown';
  return verdict === 'fresh' && activeAlerts.some(isAboutRun) ? 'stuck' : verdict;
}

/**
 * Engines in the order in which they need somebody: those without a full backup, the longest first; those that are too old, by how
 * much; those that are unknown; those with a run that does not end, the longest first; the others by how soon they turn too old;
 * retired ones last. Otherwise by name.
 */
export function worstFirst<E extends FleetEngine>(engines: readonly E[]): E[] {
  return engines
    .map((engine) => ({ engine, place: placeOf(engine) }))
    .toSorted((a, b) => comparePlaces(a.place, b.place))
    .map(({ engine }) => engine);
}

/** Where an engine has its place among all, the worst first; it changes only when the engine does, and not by the passing of time alone. */
export interface Place {
  readonly group: number;
  /** An instant in whole milliseconds; 0 where engines of a group are sorted by name. */
  readonly rank: number;
  readonly fqdn: string;
}

export function placeOf(engine: FleetEngine): Place {
  return { group: STANDINGS.indexOf(standingOf(engine)), rank: rank(engine), fqdn: engine.fqdn };
}

/** Negative if `a` comes before `b`. */
export function comparePlaces(a: Place, b: Place): number {
  return a.group - b.group || a.rank - b.rank || (a.fqdn < b.fqdn ? -1 : a.fqdn > b.fqdn ? 1 : 0);
}

/** The order of engines that stand alike, the smallest first. */
function rank(engine: FleetEngine): number {
  const { freshness, facts, activeAlerts } = engine;
  switch (standingOf(engine)) {
    case 'no_full_backup':
      return freshness?.verdict === 'no_full_backup' ? freshness.sinceAt : 0;
    case 'stuck':
      return Math.min(...activeAlerts.filter(isAboutRun).map(({ sinceAt }) => sinceAt));
    case 'too_old':
    case 'fresh':
      return facts && freshness && 'ageMs' in freshness
        ? freshness.lastFullBackupAt + facts.alertPeriodMs
        : 0;
    default:
      return 0;
  }
}
