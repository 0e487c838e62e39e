import { UNROUTED_QUEUE } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import type { HostConfiguration } from '../host/configuration.js';
import { askDeadLetters, DEAD_LETTERS } from '../broker/dead-letters-at-broker.js';
import { flushSpool, type FlushOutcome } from '../spool/flush-spool.js';
import { openHost, print, ROOT_OPTION, warn } from '../host/host.js';
import type { HostPaths } from '../host/paths.js';
import { countSetAside, openSpool } from '../spool/spool.js';
import { counted, reports, printOutcome } from '../spool/print-outcome.js';

export const help = `engine-backup-shim flush [--quiet]

Delivers the pending reports in the spool, and prints what was done. The timer runs it every minute.
It also warns of reports that did not get through: those set aside on this host, and the numbers of dead letters and unrouted messages
at the broker, of all hosts. A host does not learn what happens to a report after the broker has confirmed it.

  --quiet       print only what needs attention
  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const values = parseCommand(args, { ...ROOT_OPTION, quiet: { type: 'boolean' } });
  const { paths, configuration } = openHost(values.root);
  openSpool(paths);
  const outcome = await flushSpool(paths, configuration);
  const exitCode = printOutcome(paths, outcome, values.quiet);
  if (outcome && !values.quiet) {
    warnOfSetAside(paths, outcome);
    if (outcome.brokerError === undefined) await warnOfDeadLetters(configuration);
  }
  return exitCode;
}

function warnOfSetAside(paths: HostPaths, { refused }: FlushOutcome): void {
  const earlier = countSetAside(paths) - refused.length;
  if (earlier <= 0) return;
  warn(
    `${reports(earlier)} set aside earlier in ${paths.refused}, which can never be delivered: NAME.reason says why; remove them once that is resolved`,
  );
}

async function warnOfDeadLetters(configuration: HostConfiguration): Promise<void> {
  const counts = await askDeadLetters(configuration);
  if ('unknown' in counts) return print(`cannot count dead letters: ${counts.unknown}`);
  const { deadLetters, unrouted } = counts;
  if (deadLetters > 0)
    warn(
      `${counted(deadLetters, 'dead letter')} in the queue ${DEAD_LETTERS} of the broker, reports of any host that were not accepted: ` +
        'the header x-error-reason of each message there tells an administrator why',
    );
  if (unrouted > 0)
    warn(
      `${counted(unrouted, 'unrouted message')} in the queue ${UNROUTED_QUEUE} of the broker: ` +
        'an administrator should run backup-awareness topology verify',
    );
}
