import {
  forecastTurn,
  HOUR_MS,
  hoursToMs,
  whenToCheck,
  type ComingChecks,
  type Turn,
} from '@backup-awareness/freshness';
import type { FleetState } from '../state/product-state.js';

/** Which engines turn too old if nothing more arrives. Instants are whole milliseconds since 1970. */
export interface Forecast {
  readonly now: number;
  readonly until: number;
  /** In the order of turning. */
  readonly turns: readonly (Turn & { readonly fqdn: string })[];
  /** By whole hours in UTC; those in which none turns are left out. */
  readonly byHour: readonly { readonly hourAt: number; readonly count: number }[];
  /** Monitored engines without a forecast, because they have turned already. */
  readonly tooOld: number;
  readonly withoutFullBackup: number;
  /** Engines that may or may not turn within that time: their true age is unknown. */
  readonly unknown: readonly string[];
}

/** Undefined where nothing can be forecast: the time is unknown, or the settings cannot be read. */
export function forecast(fleet: FleetState, hours: number): Forecast | undefined {
  const { now, time, engines } = fleet;
  if (!time.isKnown || !fleet.settings.ok) return undefined;
  const until = now + hoursToMs(hours);
  const checks = comingChecks(fleet, fleet.settings.value.checkPeriodHours);
  const monitored = engines.filter(({ retiredAt }) => retiredAt === null);
  const turns = monitored.flatMap(({ fqdn, facts }) => {
    const turn = facts && forecastTurn(facts, { from: now, until }, checks);
    return turn ? [{ fqdn, ...turn }] : [];
  });
  const turning = new Set(turns.map(({ fqdn }) => fqdn));
  const count = (verdict: string) =>
    monitored.filter(({ freshness }) => freshness?.verdict === verdict).length;
  return {
    now,
    until,
    turns: turns.toSorted((a, b) => a.turnsAt - b.turnsAt),
    byHour: byHour(turns),
    tooOld: count('too_old'),
    withoutFullBackup: count('no_full_backup'),
    unknown: monitored
      .filter(({ freshness }) => !freshness || freshness.verdict === 'unknown')
      .map(({ fqdn }) => fqdn)
      .filter((fqdn) => !turning.has(fqdn)),
  };
}

/** When checks are made from now on; one that is due is made now. */
export function comingChecks(
  { now, lastCheck }: Pick<FleetState, 'now' | 'lastCheck'>,
  periodHours: number | null,
): ComingChecks | null {
  if (periodHours === null) return null;
  const periodMs = hoursToMs(periodHours);
  const lastCheckAt = lastCheck?.at ?? null;
  const { nextCheckAt } = whenToCheck({ now, lastCheckAt, periodMs, becameLeader: false });
  return nextCheckAt === null ? null : { nextCheckAt, periodMs };
}

function byHour(turns: readonly Turn[]): Forecast['byHour'] {
  const counts = new Map<number, number>();
  for (const { turnsAt } of turns) {
    const hourAt = turnsAt - (turnsAt % HOUR_MS);
    counts.set(hourAt, (counts.get(hourAt) ?? 0) + 1);
  }
  return [...counts]
    .map(([hourAt, count]) => ({ hourAt, count }))
    .toSorted((a, b) => a.hourAt - b.hourAt);
}
