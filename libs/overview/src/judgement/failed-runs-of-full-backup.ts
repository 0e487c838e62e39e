import type { EngineSituation } from '../state/engine-situations.js';
import { FULL_BACKUP_SCOPES, type FailedRun } from '../state/failed-runs.js';

/** The failed runs of `db` and `files`: others are no reason to warn. */
export function failedRunsOfFullBackup({ failedRuns }: EngineSituation): readonly FailedRun[] {
  return failedRuns.filter(({ scope }) => FULL_BACKUP_SCOPES.includes(scope));
}

/** Whether the engine is monitored and its latest run of `db` or `files` has failed. */
export function hasFailedLatestRun(engine: EngineSituation): boolean {
  return engine.retiredAt === null && failedRunsOfFullBackup(engine).length > 0;
}
