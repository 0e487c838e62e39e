import { EXIT } from '../failure.js';
import { print, warn } from '../host/host.js';
import type { HostPaths } from '../host/paths.js';
import type { FlushOutcome } from './flush-spool.js';

/** Prints the result of a delivery; what needs attention goes to stderr. @returns the exit code */
export function printOutcome(
  paths: HostPaths,
  outcome: FlushOutcome | undefined,
  isQuiet = false,
): number {
  if (!outcome) {
    if (!isQuiet) print('another delivery is in progress');
    return EXIT.fine;
  }
  if (!isQuiet) print(`delivered ${reports(outcome.delivered)}, ${outcome.pending} pending`);
  for (const { name, reason } of outcome.refused)
    warn(`set aside ${paths.refused}/${name}.report, which can never be delivered: ${reason}`);
  if (outcome.unfinished > 0)
    warn(`removed ${counted(outcome.unfinished, 'incomplete report')} of a killed program`);
  if (outcome.dropped > 0)
    warn(`the spool is over its limit: dropped ${reports(outcome.dropped)} of started backups`);
  if (outcome.excessBytes > 0)
    warn(
      `the spool is ${outcome.excessBytes} bytes over its limit; reports of how backups ended are kept`,
    );
  if (outcome.brokerError !== undefined)
    warn(`${reports(outcome.pending)} pending in the spool: ${outcome.brokerError}`);
  if (outcome.brokerError !== undefined) return EXIT.unreachable;
  return outcome.refused.length > 0 ? EXIT.failed : EXIT.fine;
}

export function reports(count: number): string {
  return counted(count, 'report');
}

export function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
