import { RefusedError } from '@backup-awareness/database';
import type { Logger } from '@nestjs/common';
import { Problem } from './problem.js';

const LOST = /^(08...|57P0[123]|53300|ECONN\w+|EPIPE|ETIMEDOUT|EHOSTUNREACH)$/;

/** What the client is told of any error: of one that is not about the request only that it happened. */
export function problemOf(error: unknown, log: Logger): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RefusedError) {
    const { reason, path, expected, got } = error.invalid;
    return new Problem(400, reason, { path, expected, got });
  }
  const { statusCode, code, message } = error as { statusCode?: number; code?: string } & Error;
  // Fastify's own errors about a request: too large, not JSON, of another media type.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new Problem(statusCode, message);
  log.error(error);
  return code !== undefined && LOST.test(code)
    ? new Problem(503, 'the database does not answer: see GET /health/ready', { retryAfter: 5 })
    : new Problem(500, 'an error of the service; its log has the reason');
}
