import { CLOCK_TOLERANCE_MS, hoursToMs, type Freshness } from '@backup-awareness/freshness';
import type { FleetEngine } from '../state/engine-situations.js';
import type { LastSuccess } from '../state/last-successes.js';
import type { FleetState } from '../state/product-state.js';
import { checkTiming } from './check-timing.js';

export type Verdict = Freshness['verdict'];

/** The verdict on an engine; `unknown` also where it cannot be judged. */
export function verdictOf({ freshness }: Pick<FleetEngine, 'freshness'>): Verdict {
  return freshness?.verdict ?? 'unknown';
}

/** The fleet in figures. Instants are whole milliseconds since 1970. */
export interface FleetFigures {
  /** Monitored engines by verdict. */
  readonly engines: Readonly<Record<Verdict, number>>;
  /** Active alerts by name, dismissed or not. */
  readonly alerts: Readonly<Record<string, number>>;
  /** The oldest of the last full backups; null if no engine certainly has one. */
  readonly oldestFullBackupAt: number | null;
  /** When the next check is due; null if none is, or the time is unknown. */
  readonly nextCheckAt: number | null;
}

export function fleetFigures(fleet: FleetState): FleetFigures {
  const engines = { fresh: 0, too_old: 0, no_full_backup: 0, unknown: 0 };
  let oldest = Infinity;
  for (const engine of fleet.engines) {
    if (engine.retiredAt !== null) continue;
    engines[verdictOf(engine)]++;
    oldest = Math.min(oldest, certainFullBackupAt(engine) ?? Infinity);
  }
  const alerts: Record<string, number> = {
    ENGINE_NO_FULL_BACKUP: 0,
    ENGINE_NO_WARM_BACKUP: 0,
    ENGINE_BACKUP_STUCK: 0,
  };
  for (const { alert } of fleet.activeAlerts) alerts[alert] = (alerts[alert] ?? 0) + 1;
  return {
    engines,
    alerts,
    oldestFullBackupAt: oldest === Infinity ? null : oldest,
    nextCheckAt: nextCheckAt(fleet),
  };
}

function nextCheckAt({ now, time, settings, lastCheck }: FleetState): number | null {
  if (!time.isKnown || !settings.ok) return null;
  const { checkPeriodHours } = settings.value;
  const periodMs = checkPeriodHours === null ? null : hoursToMs(checkPeriodHours);
  const timing = checkTiming(now, lastCheck?.at ?? null, periodMs);
  return 'nextCheckAt' in timing ? timing.nextCheckAt : null;
}

/** When an engine's last full backup counts; null if there is none, or its true age is unknown. */
export function certainFullBackupAt({ freshness }: FleetEngine): number | null {
  return freshness === undefined || freshness.verdict === 'unknown'
    ? null
    : freshness.lastFullBackupAt;
}

/** Whether the age of a success is known: it does not lie in the future. */
export function isCertain({ at }: LastSuccess, { now }: FleetState): boolean {
  return at - now <= CLOCK_TOLERANCE_MS;
}
