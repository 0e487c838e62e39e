import { tlsFailure } from '@backup-awareness/contracts/plain';
import { performance } from 'node:perf_hooks';
import pg from './driver.js';
import { holdSettingsSql, type SessionKind } from './session-settings.js';

/** No answer in time: the server hangs or cannot be reached. It is unknown whether the statement took effect. */
export class DatabaseTimeoutError extends Error {
  override readonly name = 'DatabaseTimeoutError';
  readonly code = 'ETIMEDOUT';
}

type Callback = (error: Error | null, result?: unknown) => void;

/** Reads the certificates for a connection, in PEM. */
export type ReadTls = () => {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
};

export interface SessionConfig extends pg.ClientConfig {
  /** The purpose of the session; `service` by default. */
  readonly session?: SessionKind;
  /** With it, the session uses TLS. */
  readonly readTls?: ReadTls | undefined;
}

/**
 * The client of all our sessions. It first sets the session's settings (`session-settings.ts`), so that presets of server, database and
 * role do not matter, and it closes its connection when a query times out on our side.
 *
 * The driver reports such a time-out but keeps the connection, with the query and its transaction still running; a pool would give it to
 * the next caller.
 */
export class SessionClient extends pg.Client {
  private readonly kind: SessionKind;
  private readonly certificates: ReturnType<ReadTls> | undefined;

  constructor(config: SessionConfig) {
    const tls = config.readTls?.();
    super(tls === undefined ? config : { ...config, ssl: definedOf(tls) });
    this.certificates = tls;
    this.kind = config.session ?? 'service';
  }

  // The driver's signatures are overloads that an override cannot repeat.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override connect(...args: any[]): any {
    const connected = super
      .connect()
      .catch((error: unknown) => this.explain(error))
      .then(() => this.holdSettings());
    const callback = args[0] as Callback | undefined;
    if (!callback) return connected;
    connected.then(() => callback(null), callback);
  }

  private async explain(error: unknown): Promise<never> {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    const url = `postgresql://${host}:${this.port}`;
    const reason = await tlsFailure(error, { name: 'the database', url }, this.certificates);
    if (reason === undefined) throw error;
    const { code } = error as { readonly code?: unknown };
    throw Object.assign(new Error(reason, { cause: error }), { code });
  }

  private async holdSettings(): Promise<this> {
    try {
      await this.query(holdSettingsSql(this.kind));
      return this;
    } catch (error) {
      // A caller whose connect fails does not call end.
      void this.end();
      throw error;
    }
  }

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
    // Marks the client at once, so that the pool drops it on release, and closes the connection.
    void this.end();
    const waitedMs = Math.round(performance.now() - startedAtMs);
    return new DatabaseTimeoutError(`the database did not answer within ${waitedMs} ms`, {
      cause: error,
    });
  }
}

/** Node takes an undefined key for one. */
function definedOf(tls: ReturnType<ReadTls>): object {
  return Object.fromEntries(Object.entries(tls).filter(([, pem]) => pem !== undefined));
}
