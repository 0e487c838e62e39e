import type { EngineFacts } from './facts.js';
import type { ListedReport } from './use-engine-reports.js';

export type FullScope = 'db' | 'files';

/** The report by which a scope's last success is known; undefined where it is not among those at hand. */
export function successReport(
  { lastDbAt, lastFilesAt }: Pick<EngineFacts, 'lastDbAt' | 'lastFilesAt'>,
  scope: FullScope,
  reports: readonly ListedReport[],
): ListedReport | undefined {
  const at = scope === 'db' ? lastDbAt : lastFilesAt;
  return reports.find(
    (report) => report.scope === scope && report.status === 'completed' && report.counted_at === at,
  );
}

/** The audit entries that tell of a success. @param at when it counts, RFC 3339 */
export function auditAddress(fqdn: string, at: string): string {
  const query = new URLSearchParams({ fqdn, type: 'ENGINE_BACKUP_COMPLETED', since: at });
  return `/audit?${query}`;
}
