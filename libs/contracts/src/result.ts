/** Why an input from outside is refused, for the person who sent it. */
export interface Invalid {
  /** The whole in one sentence. */
  readonly reason: string;
  /** Where the error is: `data.done_at`, `properties.type`, `routing_key`, `body` … */
  readonly path: string;
  /** What would be accepted there. */
  readonly expected: string;
  /** What is there instead. */
  readonly got: string;
}

export interface Refused {
  readonly ok: false;
  readonly invalid: Invalid;
}

export type Result<T> = { readonly ok: true; readonly value: T } | Refused;

export function accept<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Refuses the value at `path`; the reason consists of the three parts. */
export function refuse(path: string, expected: string, got: string): Result<never> {
  const reason = `${path}: expected ${expected}, got ${got}`;
  return { ok: false, invalid: { reason, path, expected, got } };
}

/** Refuses a message that this broker user may not send; `expected` says who may. */
export function refuseSender(expected: string, userId: string | undefined): Refused {
  const path = 'user_id';
  const got = describe(userId || undefined);
  const reason = `not authorised: expected ${expected}, got ${got}`;
  return { ok: false, invalid: { reason, path, expected, got } };
}

const SHOWN_CHARACTERS = 200;

/** A value as an error shows it: its JSON text, cut, with its type where that is neither text nor null. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'string') return cut(JSON.stringify(value));
  return `the ${typeof value} ${String(value)}`;
}

function cut(text: string): string {
  return text.length <= SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, SHOWN_CHARACTERS).toWellFormed()}… (${text.length} characters)`;
}
