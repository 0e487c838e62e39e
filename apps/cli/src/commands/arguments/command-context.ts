import type { Output } from '../../output/output.js';

/** What every command works with. */
export interface CommandContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly out: Output;
  /** What the process ends with where nothing is thrown; 0 unless a command says otherwise. */
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
  'who is named as the author; by default SUDO_USER, or the user of the operating system',
] as const;
