/**
 * The text of an error for a person: its message, or else those of its inner errors, its code, or its name. Node's error about
 * several addresses that it tried has no message of its own.
 */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  const { errors, code } = error as Partial<AggregateError> & { code?: unknown };
  const inner = new Set((errors ?? []).map(errorText));
  return [...inner].join('; ') || (typeof code === 'string' && code) || error.name;
}
