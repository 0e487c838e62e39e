import { isClockInDoubt } from '@backup-awareness/freshness';
import type { Command } from 'commander';
import { BY_OPTION, type ChangeOptions, type CommandContext } from './arguments/command-context.js';
import { administer } from '../installation/database-session.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import { localTime } from '../words/local-time.js';
import { whoIs } from '../installation/who.js';

export function addClockCommand(program: Command, context: CommandContext): void {
  program
    .command('clock')
    .description("the database's clock, by which all is decided")
    .command('accept')
    .description("accept the database's present clock as right, after it was put back or ran ahead")
    .requiredOption('--comment <TEXT>', 'why it is right now; it is kept in the audit log')
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nSuccesses that lie in its future count for nothing from then on, also when it gets there.\n' +
        'While the clock is not in doubt, nothing is changed.',
    )
    .action((_options, command: Command) => accept(command.optsWithGlobals(), context));
}

/** Finding the successes in the future takes as long as it takes. */
const NO_TIMEOUT = 0;

async function accept(
  { by, json, comment }: ChangeOptions & { readonly comment: string },
  { environment, out }: CommandContext,
): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  const who = whoIs(environment, by);
  const { outcome, from, to, discounted } = await administer(
    url,
    ({ database, dataSource }) =>
      database.acceptClock(dataSource, {
        who,
        comment,
        isInDoubt: ({ clockAt, latestAt, newestSuccessAt }) =>
          isClockInDoubt(clockAt, latestAt, newestSuccessAt),
      }),
    NO_TIMEOUT,
  );
  if (json)
    return out.json({
      outcome,
      from: from?.toISOString() ?? null,
      to: to.toISOString(),
      discounted,
    });
  if (outcome === 'not_in_doubt')
    return out.line(`The database's clock (${localTime(to)}) is not in doubt; nothing is changed.`);
  const successes = discounted === 1 ? '1 success' : `${discounted} successes`;
  out.line(
    `The database's clock (${localTime(to)}) is accepted; ${successes} in its future no longer count. All engines are decided at once.`,
  );
}
