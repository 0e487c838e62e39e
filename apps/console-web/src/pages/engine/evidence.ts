import type { EngineFacts } from './facts.js';
import type { ListedReport } from './use-engine-reports.js';

export type FullScope = 'db' | 'files';

/** A scope's last success: when it counts, the row that the API names, and the report if it is at hand. */
export function successOf(
  { lastDbAt, lastFilesAt, evidence }: Pick<EngineFacts, 'lastDbAt' | 'lastFilesAt' | 'evidence'>,
  scope: FullScope,
  reports: readonly ListedReport[],
) {
  const at = scope === 'db' ? lastDbAt : lastFilesAt;
  const row = evidence?.last_successes.find((each) => each.scope === scope);
  const report = reports.find(({ event_id: id, ...each }) =>
    row
      ? id === row.event_id
      : each.scope === scope && each.status === 'completed' && each.counted_at === at,
  );
  return { at, row, report };
}
