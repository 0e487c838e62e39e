import { storedReports, type StoredReport } from './biography.js';
import { isDiscounted } from './naive-time.js';
import type { ToldEvent } from './telling.js';
import type { Happening } from './timeline.js';

/** A run with a start that has no end. */
export interface NaiveRun {
  readonly name: string | null;
  /** Those of its scopes that have no end. */
  readonly scopes: string[];
  readonly since: number;
  /** Others have completed every scope that it started, after it started and after its own successes. */
  readonly isSuperseded: boolean;
}

type StuckRaised = Extract<ToldEvent, { alert: 'ENGINE_BACKUP_STUCK'; type: 'BackupAlertRaised' }>;

/** By its name, or by its scope if it has none. */
function runKeyOf(name: string | null, scope: string): string {
  return name === null ? ` ${scope}` : `${name} `;
}

/** The open runs of an engine by their keys; searches all reports for the end of every start. */
export function openRuns(past: readonly Happening[], engine: number): Map<string, NaiveRun> {
  const reports = storedReports(past, engine);
  const counts = new Map(reports.map((one) => [one, !isDiscounted(past, one)]));
  const starts = reports.filter(({ report }) => report.status === 0);
  const open = starts.filter((start) => {
    const { scope, run } = start.report;
    const ends = reports.filter(({ report }) => report.status !== 0 && report.scope === scope);
    if (run !== null) return !ends.some((end) => end.report.run === run);
    return (
      counts.get(start) && !ends.some((end) => counts.get(end) && end.countedAt >= start.countedAt)
    );
  });
  const runs = new Map<string, NaiveRun>();
  for (const { report } of open) {
    const { run: name } = report;
    const key = runKeyOf(name, report.scope);
    const begun = name === null ? open : starts;
    const own = begun.filter((one) => runKeyOf(one.report.run, one.report.scope) === key);
    const since = Math.min(...own.map(({ countedAt }) => countedAt));
    const scopes = open
      .filter((one) => runKeyOf(one.report.run, one.report.scope) === key)
      .map((one) => one.report.scope);
    const isSuperseded =
      name !== null &&
      own.every((one) => isCompletedByOthers(reports, counts, name, one.report.scope, since));
    runs.set(key, { name, scopes: [...new Set(scopes)].sort(), since, isSuperseded });
  }
  return runs;
}

function isCompletedByOthers(
  reports: readonly StoredReport[],
  counts: ReadonlyMap<StoredReport, boolean>,
  name: string,
  scope: string,
  since: number,
): boolean {
  const successes = reports.filter(
    (one) => one.report.status === 1 && one.report.scope === scope && counts.get(one),
  );
  const own = successes.filter(({ report }) => report.run === name);
  return successes.some(
    ({ report, countedAt }) =>
      report.run !== name && countedAt > since && own.every((mine) => countedAt > mine.countedAt),
  );
}

/** The alerts about runs of an engine that were raised and not cleared, by the key of the run. */
export function activeStuckRaises(
  events: readonly ToldEvent[],
  fqdn: string,
): Map<string, StuckRaised> {
  const active = new Map<string, StuckRaised>();
  for (const event of events) {
    if (event.fqdn !== fqdn || event.alert !== 'ENGINE_BACKUP_STUCK') continue;
    if (event.type === 'BackupAlertRaised')
      active.set(runKeyOf(event.runId, event.scopes[0]!), event);
    else for (const [key, { alertId }] of active) if (alertId === event.alertId) active.delete(key);
  }
  return active;
}
