import { figuresOf, judgeProduct } from '@backup-awareness/overview/judgement';
import type { Command } from 'commander';
import { viewProduct } from '../installation/view-product.js';
import { reasonOf } from '../output/failure.js';
import { showPluginAnswer } from '../output/show-plugin-answer.js';
import { findingsInWords } from '../words/findings-in-words.js';
import { unknownBecause, type PluginAnswer } from '../words/plugin-line.js';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';

export function addCheckCommand(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('a monitoring plugin: one line with performance data, and an exit code')
    .addHelpText(
      'after',
      '\nExit codes:\n' +
        '  0  every monitored engine has a fresh full backup\n' +
        '  1  a warning: the latest run failed, a backup does not end, BackupExcludeMode=table, dead letters, events set aside, a service that is not ready, an alert that is due\n' +
        '  2  an alert about freshness is active, dismissed or not\n' +
        '  3  unknown: unreachable, permission denied, disabled, never checked, a check is overdue, the clock was set back, or a success lies in the future',
    )
    .action((_options, command: Command) => check(command.optsWithGlobals(), context));
}

async function check({ json }: GlobalOptions, context: CommandContext): Promise<void> {
  const answer = await look(context).catch((error: unknown) => unknownBecause(reasonOf(error)));
  context.exitCode = await showPluginAnswer(context.out, answer, json);
}

async function look({ environment }: CommandContext): Promise<PluginAnswer> {
  const view = await viewProduct(environment);
  const { state, findings } = judgeProduct(view);
  const reasons = findingsInWords(findings, view.product.now);
  return { state, reasons, figures: figuresOf(view) };
}
