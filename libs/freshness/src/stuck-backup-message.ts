import { backupCommand } from './alert-message.js';
import { ageInWords, durationInWords } from './duration.js';
import { utc } from './utc.js';

/** An open run, as it is told to a person. Instants are whole milliseconds since 1970. */
export interface ToldRun {
  readonly fqdn: string;
  readonly runId: string | null;
  readonly scopes: readonly string[];
  readonly startedAt: number;
  readonly stuckAfterMs: number;
  readonly now: number;
}

/** An alert about a run that does not end in one line for a person, in UTC: which run, since when, the limit, and what to do. */
export function stuckBackupMessage(run: ToldRun): string {
  const { fqdn, runId, scopes, startedAt, stuckAfterMs, now } = run;
  const named = runId === null ? '' : ` (run ${runId})`;
  const limit = durationInWords(stuckAfterMs);
  return (
    `A backup of ${fqdn}${named} has not ended: ${scopes.join(', ')}. It started at ${utc(startedAt)}, ` +
    `${ageInWords(now - startedAt)} ago; a backup may take ${limit}. See on its host whether it still runs: pgrep -fa engine-backup. ` +
    `If it does not, run there: ${backupCommand(now)}`
  );
}
