const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(-.*)?$/;
const VERSION = '00';

/**
 * A `traceparent` (W3C Trace Context, and CloudEvents' distributed tracing extension), in the version that we know: `00-`, 32 hexadecimal
 * digits of the trace-id, 16 of the parent-id, and two of flags. What a later version adds is left out.
 *
 * @returns null for anything else: an invalid one counts as none
 * @see https://www.w3.org/TR/trace-context/#traceparent-header
 */
export function parseTraceparent(value: unknown): string | null {
  const parsed = typeof value === 'string' ? TRACEPARENT.exec(value) : null;
  if (parsed === null) return null;
  const [, version, known, more] = parsed;
  return version === VERSION && more !== undefined ? null : `${VERSION}-${known!}`;
}

/** The trace-id of a valid `traceparent`, 32 hexadecimal digits. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}
