import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** Every error of the API, after RFC 9457. */
export const problemSchema = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  /** Where the error is, such as `query.limit`. */
  path: z.string().optional(),
  expected: z.string().optional(),
  got: z.string().optional(),
});

export type ProblemDocument = z.infer<typeof problemSchema>;

interface Particulars {
  readonly path?: string;
  readonly expected?: string;
  readonly got?: string;
  /** Seconds until trying again may help. */
  readonly retryAfter?: number;
}

/** An error that the client is told. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly particulars: Particulars = {},
  ) {
    super(detail);
  }

  document(): ProblemDocument {
    const { retryAfter: _, ...particulars } = this.particulars;
    return {
      type: 'about:blank',
      title: STATUS_CODES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...particulars,
    };
  }
}

/** For a value of the request that is not accepted. */
export function badRequest(path: string, expected: string, got: string): Problem {
  return new Problem(400, `${path}: expected ${expected}, got ${got}`, { path, expected, got });
}
