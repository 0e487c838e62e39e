import { SETTING_NAMES } from '@backup-awareness/contracts/plain';
import { readEngineNames } from '@backup-awareness/overview/state';
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDatabase } from '../installation/database-session.js';
import { databaseToRead, findInstallation } from '../installation/find-installation.js';
import { bashCompletion } from '../reference/bash-completion.js';
import { describeProgram } from '../reference/describe-program.js';
import { manualPage } from '../reference/manual-page.js';
import type { CommandContext } from './arguments/command-context.js';

/** @param wholeProgram builds the program with all of its commands */
export function addCompletionCommand(
  program: Command,
  context: CommandContext,
  wholeProgram: () => Promise<Command>,
): void {
  const group = program.command('completion').description('completion in the shell');
  group
    .command('bash')
    .description('print a script for bash that completes commands, options, engines and settings')
    .addHelpText(
      'after',
      '\nFor one user, in ~/.bashrc:\n' +
        '  source <(backup-awareness completion bash)\n' +
        '\nFor all users, with the package bash-completion:\n' +
        '  backup-awareness completion bash > /usr/share/bash-completion/completions/backup-awareness',
    )
    .action(async () => {
      context.out.text(bashCompletion(describeProgram(await wholeProgram()), SETTING_NAMES));
    });
  group
    .command('engines')
    .description(
      'print the names of all engines, for the script; nothing if that takes over a second',
    )
    .action(() => printEngineNames(context));
  group
    .command('manual', { hidden: true })
    .description('print the manual page, for its file')
    .action(async () => {
      const whole = await wholeProgram();
      context.out.text(manualPage(describeProgram(whole), whole.version() ?? ''));
    });
}

const WAIT_MS = 1_000;

async function printEngineNames({ environment, out }: CommandContext): Promise<void> {
  const url = databaseToRead(findInstallation(environment));
  const names = await Promise.race([readDatabase(url, readEngineNames), sleep(WAIT_MS)]);
  for (const name of names ?? []) out.line(name);
}
