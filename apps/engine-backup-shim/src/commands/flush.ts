import { UNROUTED_QUEUE } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import type { HostConfiguration } from '../host/configuration.js';
import { askDeadLetters, DEAD_LETTERS } from '../broker/dead-letters-at-broker.js';
import { flushSpool, type FlushOutcome } from '../spool/flush-spool.js';
import { openHost, print, ROOT_OPTION, warn } from '../host/host.js';
import type { HostPaths } from '../host/paths.js';
import { countSetAside, openSpool } from '../spool/spool.js';
import { counted, reports, tellOutcome } from '../spool/tell-outcome.js';

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
