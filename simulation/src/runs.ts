import type { ActiveRunAlert, RunToDecide, ScopeOfRun } from '@backup-awareness/freshness';

/** What matters of a report for runs. */
export interface ReportOfRun {
  readonly scope: string;
  readonly run: string | null;
  readonly status: -1 | 0 | 1;
  readonly countedAt: number;
  /** It lay in the future when a clock was accepted, and no longer counts. */
  readonly isDiscounted: boolean;
}

/** What identifies a run: its name, or its scope if it has none. */
export interface RunKey {
  readonly run: string | null;
  /** Null if it has a name. */
  readonly scope: string | null;
}

/** By the key of the run. */
export type ActiveRunAlerts = Map<string, ActiveRunAlert & RunKey>;

/** Those without a name come first, as the database sorts them. */
export function keyOf({ run, scope }: RunKey): string {
  return `${run ?? ''} ${scope ?? ''}`;
}

export interface KeyedRun extends RunToDecide {
  readonly key: RunKey;
}

/** All runs with a start, and those with an alert, as the checker reads them. */
export function runsOf(engine: {
  readonly reports: readonly ReportOfRun[];
  readonly runAlerts: ActiveRunAlerts;
}): KeyedRun[] {
  const { reports, runAlerts } = engine;
  const keys = new Map<string, RunKey>();
  for (const { run, scope, status } of reports) {
    const key = { run, scope: run === null ? scope : null };
    if (status === 0) keys.set(keyOf(key), key);
  }
  for (const [name, { run, scope }] of runAlerts) keys.set(name, { run, scope });
  return [...keys.keys()].sort().map((name): KeyedRun => {
    const key = keys.get(name)!;
    const scopes =
      key.run === null ? unnamedScopes(reports, key.scope!) : namedScopes(reports, key.run);
    return { key, runId: key.run, scopes, active: runAlerts.get(name) ?? null };
  });
}

function namedScopes(reports: readonly ReportOfRun[], run: string): ScopeOfRun[] {
  const own = reports.filter((report) => report.run === run);
  const starts = own.filter(({ status }) => status === 0);
  return [...new Set(starts.map(({ scope }) => scope))].sort().map((scope) => {
    const ofScope = own.filter((report) => report.scope === scope);
    const last = latest(successes(reports, scope));
    const isOther = last !== null && last > (latest(successes(own, scope)) ?? -Infinity);
    return {
      scope,
      startedAt: Math.min(
        ...ofScope.filter(({ status }) => status === 0).map(({ countedAt }) => countedAt),
      ),
      hasEnded: ofScope.some(({ status }) => status !== 0),
      otherSuccessAt: isOther ? last : null,
    };
  });
}

function unnamedScopes(reports: readonly ReportOfRun[], scope: string): ScopeOfRun[] {
  const counting = reports.filter((report) => report.scope === scope && !report.isDiscounted);
  const lastEnd = latest(counting.filter(({ status }) => status !== 0)) ?? -Infinity;
  const open = counting
    .filter(({ run, status, countedAt }) => run === null && status === 0 && countedAt > lastEnd)
    .map(({ countedAt }) => countedAt);
  if (open.length === 0) return [];
  return [{ scope, startedAt: Math.min(...open), hasEnded: false, otherSuccessAt: null }];
}

function successes(reports: readonly ReportOfRun[], of: string): ReportOfRun[] {
  return reports.filter(
    ({ scope, status, isDiscounted }) => scope === of && status === 1 && !isDiscounted,
  );
}

function latest(reports: readonly ReportOfRun[]): number | null {
  return reports.length === 0 ? null : Math.max(...reports.map(({ countedAt }) => countedAt));
}
