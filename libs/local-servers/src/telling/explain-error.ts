/** An error in words: some of Node's have no message, or only those of the errors inside. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errors, code } = error as AggregateError & NodeJS.ErrnoException;
  const inner = errors?.map((one: unknown) => explainError(one)).join('; ');
  return error.message || inner || code || error.name;
}
