/** The SQLSTATE of an error that came from the database, undefined for any other. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Whether the data is at fault (SQLSTATE class 22 or 23), so that trying again cannot help. */
export function isDataError(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}

/**
 * SQLSTATEs by which only the environment can be at fault: connections, transactions, rights, names, locks, time-outs, resources and the
 * system. Not among them is 08P01, with which PostgreSQL also answers to what it cannot read.
 */
const OF_THE_ENVIRONMENT = /^(?:08(?!P01)|25|28|3D|3F|40|42|53|55|57|58)/;

/**
 * What an error says is at fault: the data, the environment, or neither.
 *
 * An error without SQLSTATE comes from the way to the database, unless it is one that only a mistake in a program throws.
 */
export function faultOf(error: unknown): 'data' | 'environment' | 'unknown' {
  if (isDataError(error)) return 'data';
  const state = sqlState(error);
  if (state !== undefined) return OF_THE_ENVIRONMENT.test(state) ? 'environment' : 'unknown';
  const isMistake = ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError'].includes(
    (error as Error | undefined)?.name ?? '',
  );
  return isMistake ? 'unknown' : 'environment';
}
