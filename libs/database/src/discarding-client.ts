import { performance } from 'node:perf_hooks';
import pg from 'pg';

/** No answer came in time: the server hangs, or the way to it is lost. Whether the statement took effect is not known. */
export class DatabaseTimeoutError extends Error {
  override readonly name = 'DatabaseTimeoutError';
  readonly code = 'ETIMEDOUT';
}

type Callback = (error: Error | null, result?: unknown) => void;

/**
 * A client that ends its connection when a query times out on our side.
 *
 * The driver reports such a time-out and keeps the connection, with the query (and its transaction) still running in
 * it; a pool would hand it to the next who asks.
 */
export class DiscardingClient extends pg.Client {
  // The driver's own signature is a set of overloads that no override can repeat.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override query(...args: any[]): any {
    const startedAtMs = performance.now();
    const callback: unknown = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (error: Error | null, result?: unknown) =>
        (callback as Callback)(error && this.discardOnTimeout(error, startedAtMs), result);
    }
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const answer: unknown = (super.query as (...all: any[]) => unknown).apply(this, args);
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error: Error) => {
      throw this.discardOnTimeout(error, startedAtMs);
    });
  }

  private discardOnTimeout(error: Error, startedAtMs: number): Error {
    if (error.message !== 'Query read timeout') return error;
    // Marks the client at once, so that the pool drops it on release, and cuts the connection.
    void this.end();
    const waitedMs = Math.round(performance.now() - startedAtMs);
    return new DatabaseTimeoutError(`the database did not answer within ${waitedMs} ms`, {
      cause: error,
    });
  }
}
