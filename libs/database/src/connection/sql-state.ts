/** The SQLSTATE of a database error; undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Whether the data is at fault (SQLSTATE class 22 or 23): trying again cannot help. */
export function isDataError(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}

/**
 * SQLSTATEs that only the environment can cause: connections, transactions, privileges, names, locks, time-outs, resources and the
 * system. Without 08P01, which PostgreSQL also returns for a message that it cannot parse.
 */
const ENVIRONMENT_STATES = /^(?:08(?!P01)|25|28|3D|3F|40|42|53|55|57|58)/;

/**
 * What is at fault by this error: the data, the environment, or unknown.
 *
 * An error without a SQLSTATE comes from the connection, unless it is of a kind that only a programming error throws.
 */
export function faultOf(error: unknown): 'data' | 'environment' | 'unknown' {
  if (isDataError(error)) return 'data';
  const state = sqlState(error);
  if (state !== undefined) return ENVIRONMENT_STATES.test(state) ? 'environment' : 'unknown';
  const isBug = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(
    (error as Error | undefined)?.name ?? '',
  );
  return isBug ? 'unknown' : 'environment';
}
