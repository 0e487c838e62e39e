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
    .description("the database's clock, which all decisions use")
    .command('accept')
    .description("accept the database's present clock as right, after it was set back or ran ahead")
    .requiredOption('--comment <TEXT>', 'why it is right; kept in the audit log')
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nSuccesses in its future no longer count, not even when the clock reaches them.\n' +
        'Nothing is changed unless the clock is in doubt.',
    )
    .action((_options, command: Command) => accept(command.optsWithGlobals(), context));
}

/** Finding the successes in the future may take long. */
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
    return out.line(
      `The database's clock (${localTime(to)}) is not in doubt; nothing was changed.`,
    );
  const successes =
    discounted === 1
      ? '1 success in its future no longer counts'
      : `${discounted} successes in its future no longer count`;
  out.line(
    `The database's clock (${localTime(to)}) is accepted; ${successes}. All engines are decided at once.`,
  );
}
