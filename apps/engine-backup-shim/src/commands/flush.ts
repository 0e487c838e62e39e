import { UNROUTED_QUEUE } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import type { HostConfiguration } from '../host/configuration.js';
import { askDeadLetters, DEAD_LETTERS } from '../broker/dead-letters-at-broker.js';
import { EXIT } from '../failure.js';
import { flushSpool, type FlushOutcome } from '../spool/flush-spool.js';
import { openHost, print, ROOT_OPTION, warn } from '../host/host.js';
import type { HostPaths } from '../host/paths.js';
import { countSetAside, openSpool } from '../spool/spool.js';

export const help = `engine-backup-shim flush [--quiet]

Delivers the reports that wait in the spool, and says what it did. The timer does it every minute.
It also tells of reports that did not get through: those set aside on this host, and how many messages the broker keeps as dead letters
or unrouted, of all hosts. What becomes of a report after the broker has taken it, a host is not told.

  --quiet       say nothing but what needs somebody
  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const values = parseCommand(args, { ...ROOT_OPTION, quiet: { type: 'boolean' } });
  const { paths, configuration } = openHost(values.root);
  openSpool(paths);
  const outcome = await flushSpool(paths, configuration);
  const exitCode = tellOutcome(paths, outcome, values.quiet);
  if (outcome && !values.quiet) {
    tellSetAside(paths, outcome);
    if (outcome.trouble === undefined) await tellDeadLetters(configuration);
  }
  return exitCode;
}

function tellSetAside(paths: HostPaths, { refused }: FlushOutcome): void {
  const earlier = countSetAside(paths) - refused.length;
  if (earlier <= 0) return;
  warn(
    `${reports(earlier)} set aside earlier, which can never be delivered, in ${paths.refused}: NAME.reason says why; remove them when that is mended`,
  );
}

async function tellDeadLetters(configuration: HostConfiguration): Promise<void> {
  const told = await askDeadLetters(configuration);
  if ('unknown' in told) return print(`the broker did not tell of dead letters: ${told.unknown}`);
  const { deadLetters, unrouted } = told;
  if (deadLetters > 0)
    warn(
      `the broker keeps ${counted(deadLetters, 'dead letter')} in the queue ${DEAD_LETTERS}, reports of any host that were not accepted: ` +
        'an administrator finds the reason in the header x-error-reason of each message there',
    );
  if (unrouted > 0)
    warn(
      `the broker keeps ${counted(unrouted, 'message')} in the queue ${UNROUTED_QUEUE}, which no other queue takes: ` +
        'an administrator runs backup-awareness topology verify',
    );
}

function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`;
}

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

function reports(count: number): string {
  return counted(count, 'report');
}
