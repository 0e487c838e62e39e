import type { Output } from '../../output/output.js';
import type { WithProgress } from '../../output/progress.js';

/** What every command works with. */
export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly out: Output;
  /** Shows on standard error how far long work is. */
  readonly withProgress: WithProgress;
  /** The exit code of the process unless a command throws; 0 by default. */
  exitCode: number;
}

/** The options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
}

/** The options of commands that change something. */
export interface ChangeOptions extends GlobalOptions {
  readonly by?: string;
}

export const BY_OPTION = [
  '--by <NAME>',
  'the author of the change; by default SUDO_USER, or the user of the operating system',
] as const;
