import type { CommandContext } from './commands/arguments/command-context.js';
import { EXIT, exitCodeOf, reasonOf } from './output/failure.js';
import { createOutput } from './output/output.js';
import { createProgress } from './output/progress.js';
import { showError } from './output/show-error.js';
import { showPluginAnswer } from './output/show-plugin-answer.js';
import { unknownBecause } from './words/plugin-line.js';
import { buildProgram, commandOf } from './program.js';

/** Runs one command. @returns the exit code of the process */
export async function main(args: readonly string[]): Promise<number> {
  endQuietlyWithReader();
  const context: CommandContext = {
    environment: process.env,
    out: createOutput(process.stdout, process.env),
    withProgress: createProgress(process.stderr, process.env),
    exitCode: EXIT.done,
  };
  try {
    await (await buildProgram(context, args)).parseAsync(args, { from: 'user' });
    return context.exitCode;
  } catch (error) {
    const exitCode = exitCodeOf(error);
    if (exitCode === EXIT.done) return EXIT.done;
    if (isCheck(args)) {
      // For a monitoring system 2 means an alert, and it reads only standard output.
      const answer = unknownBecause(reasonOf(error));
      return showPluginAnswer(context.out, answer, args.includes('--json'));
    }
    showError(reasonOf(error));
    return exitCode;
  }
}

function isCheck(args: readonly string[]): boolean {
  return commandOf(args) === 'check';
}

/** A reader may stop reading, as `head` does: that is not an error. An output that is cut otherwise, as on a full disk, is one. */
function endQuietlyWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    showError(`cannot write the output: ${reasonOf(error)}`);
    process.exit(EXIT.failed);
  });
  process.stderr.on('error', () => undefined);
}
