import type { Command } from 'commander';
import type { CommandContext, GlobalOptions } from './arguments/command-context.js';
import { reasonOf } from '../output/failure.js';
import { judgeProduct, PLUGIN_STATES, type Judgement } from '../judgement/judge-product.js';
import {
  performanceFigures,
  pluginDocument,
  pluginLine,
  unknownBecause,
  type PerformanceFigure,
} from '../words/plugin-line.js';
import { viewProduct } from './status.js';

export function addCheckCommand(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('a monitoring plugin: one line with performance data, and an exit code')
    .addHelpText(
      'after',
      '\nExit codes:\n' +
        '  0  every watched engine has a fresh full backup\n' +
        '  1  a warning: a latest run that failed, BackupExcludeMode=table, dead letters, events set aside, a service that is not\n' +
        '     ready, an alert that is due\n' +
        '  2  an alert is active, dismissed or not\n' +
        '  3  unknown: unreachable, not allowed to look, disabled, never checked, a check is overdue, the clock was put back, or a success lies in the future',
    )
    .action((_options, command: Command) => check(command.optsWithGlobals(), context));
}

async function check({ json }: GlobalOptions, context: CommandContext): Promise<void> {
  let judgement: Judgement;
  let figures: PerformanceFigure[] = [];
  try {
    const view = await viewProduct(context.environment);
    judgement = judgeProduct(view);
    figures = performanceFigures(view);
  } catch (error) {
    judgement = unknownBecause(reasonOf(error));
  }
  if (json) context.out.json(pluginDocument(judgement, figures));
  else context.out.line(pluginLine(judgement, figures));
  context.exitCode = PLUGIN_STATES[judgement.state];
}
