import type { Command } from 'commander';
import { administer } from '../installation/database-session.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';

export function addDestinationsCommand(program: Command, context: CommandContext): void {
  program
    .command('destinations')
    .description('where the notifier sends alerts; its environment configures them')
    .command('forget')
    .description('forget one that is no longer configured')
    .argument('<NAME>', 'its name in check, such as webhook')
    .addHelpText(
      'after',
      '\nOtherwise it is forgotten when no notifier has served it for seven days. If it is configured again, it gets what is true by then.',
    )
    .action((name: string, _options, command: Command) =>
      forget(name.trim(), command.optsWithGlobals(), context),
    );
}

async function forget(
  name: string,
  { json }: GlobalOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  await administer(url, ({ database, dataSource }) => database.forgetDestination(dataSource, name));
  if (json) return out.json({ outcome: 'forgotten', destination: name });
  out.line(`${name} is forgotten.`);
}
