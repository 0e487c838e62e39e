import { backupCommand } from './alert-message.js';
import { ageInWords, durationInWords } from './duration.js';
import { utc } from './utc.js';

/** The run of a message. Instants are whole milliseconds since 1970. */
export interface StuckRun {
  readonly fqdn: string;
  readonly runId: string | null;
  readonly scopes: readonly string[];
  readonly startedAt: number;
  readonly stuckAfterMs: number;
  readonly now: number;
}

/** An alert about a run that does not end in one line, in UTC: which run, since when, the maximum duration, and what to do. */
export function stuckBackupMessage(run: StuckRun): string {
  const { fqdn, runId, scopes, startedAt, stuckAfterMs, now } = run;
  const named = runId === null ? '' : ` (run ${runId})`;
  const limit = durationInWords(stuckAfterMs);
  return (
    `A backup of ${fqdn}${named} has not ended: ${scopes.join(', ')}. It started at ${utc(startedAt)}, ` +
    `${ageInWords(now - startedAt)} ago; the maximum duration is ${limit}. Check on its host whether it still runs: pgrep -fa engine-backup. ` +
    `If it does not, run there: ${backupCommand(now)}`
  );
}
