import type { components } from './schema.js';

export type ProblemDocument = components['schemas']['Problem'];

/** An answer of the API that is an error (RFC 9457). Its message is for people. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    readonly document: Partial<ProblemDocument>,
  ) {
    super(document.detail ?? `the console answered with status ${status}`);
  }
}

/** Whether the reason is that nobody is signed in (any more). */
export function isSignedOut(error: unknown): boolean {
  return error instanceof Problem && error.status === 401;
}
