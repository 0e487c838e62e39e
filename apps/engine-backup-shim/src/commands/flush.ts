import { parseCommand } from '../arguments.js';
import { EXIT } from '../failure.js';
import { flushSpool, type FlushOutcome } from '../flush-spool.js';
import { openHost, print, ROOT_OPTION, warn } from '../host.js';
import type { HostPaths } from '../paths.js';
import { openSpool } from '../spool.js';

export const help = `engine-backup-shim flush [--quiet]

Delivers the reports that wait in the spool, and says what it did. The timer does it every minute.

  --quiet       say nothing but what needs somebody
  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const values = parseCommand(args, { ...ROOT_OPTION, quiet: { type: 'boolean' } });
  const { paths, configuration } = openHost(values.root);
  openSpool(paths);
  const outcome = await flushSpool(paths, configuration);
  if (!outcome) {
    if (!values.quiet) print('another delivery is under way');
    return EXIT.fine;
  }
  if (!values.quiet) print(`delivered ${reports(outcome.delivered)}, ${outcome.waiting} waiting`);
  return tellTroubles(paths, outcome);
}

/** Says on stderr what of it needs somebody. @returns the exit code */
export function tellTroubles(paths: HostPaths, outcome: FlushOutcome): number {
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

function reports(count: number): string {
  return count === 1 ? '1 report' : `${count} reports`;
}
