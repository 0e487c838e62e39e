/** The exit codes of every command but `run`, which exits as its command does; the same as those of `backup-awareness`. */
export const EXIT = { fine: 0, failed: 1, wrongUse: 2, unreachable: 3 } as const;

/** Ends a command with one line on stderr. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    message: string,
    readonly exitCode: number = EXIT.failed,
  ) {
    super(message);
  }
}

/** The command line is wrong. */
export function wrongUse(message: string): Failure {
  return new Failure(message, EXIT.wrongUse);
}

/** The `code` of a system error, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
