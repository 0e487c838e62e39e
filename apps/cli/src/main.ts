import type { CommandContext } from './commands/arguments/command-context.js';
import { EXIT, exitCodeOf, reasonOf } from './output/failure.js';
import { PLUGIN_STATES } from './judgement/judge-product.js';
import { createOutput } from './output/output.js';
import { pluginDocument, pluginLine, unknownBecause } from './words/plugin-line.js';
import { buildProgram } from './program.js';

/** Runs one command. @returns what the process is to end with */
export async function main(args: readonly string[]): Promise<number> {
  endQuietlyWithReader();
  const context: CommandContext = {
    environment: process.env,
    out: createOutput(process.stdout, process.env),
    exitCode: EXIT.done,
  };
  try {
    await buildProgram(context).parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode === EXIT.done) return EXIT.done;
    if (isCheck(args)) {
      // To a monitoring system 2 means an alert, and it reads nothing but standard output.
      const judgement = unknownBecause(reasonOf(error));
      if (args.includes('--json')) context.out.json(pluginDocument(judgement, []));
      else context.out.line(pluginLine(judgement, []));
      return PLUGIN_STATES.UNKNOWN;
    }
    process.stderr.write(`backup-awareness: ${reasonOf(error)}\n`);
    return exitCode;
  }
}

function isCheck(args: readonly string[]): boolean {
  return args.find((arg) => !arg.startsWith('-')) === 'check';
}

/** Whoever reads our output may stop reading, as `head` does: that is no error of ours. */
function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed);
  });
  process.stderr.on('error', () => undefined);
}
