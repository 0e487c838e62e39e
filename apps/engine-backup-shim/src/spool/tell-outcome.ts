import { EXIT } from '../failure.js';
import { print, warn } from '../host/host.js';
import type { HostPaths } from '../host/paths.js';
import type { FlushOutcome } from './flush-spool.js';

/** Says what a delivery has done; what of it needs somebody is on stderr. @returns the exit code */
export function tellOutcome(
  paths: HostPaths,
  outcome: FlushOutcome | undefined,
  isQuiet = false,
): number {
  if (!outcome) {
    if (!isQuiet) print('another delivery is under way');
    return EXIT.fine;
  }
  if (!isQuiet) print(`delivered ${reports(outcome.delivered)}, ${outcome.waiting} waiting`);
  for (const { name, reason } of outcome.refused)
    warn(`set aside ${paths.refused}/${name}.report, which can never be delivered: ${reason}`);
  if (outcome.unfinished > 0)
    warn(`removed ${reports(outcome.unfinished)} that a killed program had not finished`);
  if (outcome.dropped > 0)
    warn(`the spool is full: dropped ${reports(outcome.dropped)} of started backups`);
  if (outcome.excessBytes > 0)
    warn(`the spool is ${outcome.excessBytes} bytes over its bound; how backups ended is kept`);
  if (outcome.trouble !== undefined)
    warn(`${reports(outcome.waiting)} kept in the spool: ${outcome.trouble}`);
  if (outcome.trouble !== undefined) return EXIT.unreachable;
  return outcome.refused.length > 0 ? EXIT.failed : EXIT.fine;
}

export function reports(count: number): string {
  return counted(count, 'report');
}

export function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}
