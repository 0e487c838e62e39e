import { tlsFailure } from '@backup-awareness/contracts/plain';
import { performance } from 'node:perf_hooks';
import pg from './driver.js';
import { findPrimary, tlsServer } from './primary.js';
import { DIFFERING_PRESET_SQL, holdSettingsSql, type SessionKind } from './session-settings.js';

/** No answer in time: the server hangs or cannot be reached. It is unknown whether the statement took effect. */
export class DatabaseTimeoutError extends Error {
  override readonly name = 'DatabaseTimeoutError';
  readonly code = 'ETIMEDOUT';
}

/** What was committed is on the primary only. To be treated as unknown: tried again, a repeated report is a duplicate. */
export class NotReplicatedError extends Error {
  override readonly name = 'NotReplicatedError';
}

/**
 * Somebody ended the wait of a commit for its standby (`pg_cancel_backend`). The server calls that a success and only warns; the primary
 * alone has the transaction, and with it goes what was acknowledged. No time-out of the server ends this wait, but our own does.
 */
const NOT_REPLICATED = 'SyncRepWaitForLSN';

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
  private readonly config: SessionConfig;
  private readonly certificates: ReturnType<ReadTls> | undefined;
  private isUnreplicated = false;
  private isShared = false;

  constructor(config: SessionConfig) {
    const tls = config.readTls?.();
    const used = tls === undefined ? config : { ...config, ssl: definedOf(tls) };
    super(used);
    this.config = used;
    this.certificates = tls;
    this.kind = config.session ?? 'service';
    // A pool listens only once it has connected, and an error that nobody listens for ends the process. The statement fails, too.
    this.on('error', () => undefined);
    // Not by its text, which is in the language of the server. It comes before the statement's answer.
    this.on('notice', ({ routine }) => (this.isUnreplicated ||= routine === NOT_REPLICATED));
  }

  // The driver's signatures are overloads that an override cannot repeat.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override connect(...args: any[]): any {
    const connected = this.goToPrimary()
      .then(() => super.connect())
      .catch((error: unknown) => this.explain(error))
      .then(() => this.holdSettings());
    const callback = args[0] as Callback | undefined;
    if (!callback) return connected;
    connected.then(() => callback(null), callback);
  }

  /** Where the URL names several servers. */
  private async goToPrimary(): Promise<void> {
    const { connectionString = '' } = this.config;
    // TLS verifies the name of this host.
    Object.assign(this, await findPrimary(connectionString, this.config, this.certificates));
  }

  private async explain(error: unknown): Promise<never> {
    const reason = await tlsFailure(error, tlsServer(this), this.certificates);
    if (reason === undefined) throw error;
    const { code } = error as { readonly code?: unknown };
    throw Object.assign(new Error(reason, { cause: error }), { code });
  }

  private async holdSettings(): Promise<this> {
    try {
      const { rows } = await this.query(holdSettingsSql(this.kind));
      // A pooler gives its clients process ids of its own.
      this.isShared = rows[0].backend !== (this as { processID?: number }).processID;
      if (this.isPooled && this.kind !== 'service') await this.refuseUnlessPreset();
      return this;
    } catch (error) {
      // A caller whose connect fails does not call end.
      void this.end();
      throw error;
    }
  }

  /** Whether there is a connection pooler before the server, so that what one statement sets may not be there for the next one. */
  get isPooled(): boolean {
    return this.isShared;
  }

  /** Services' roles have their settings as presets. An owner's have not: settings of this session may not last. */
  private async refuseUnlessPreset(): Promise<void> {
    const { rows } = await this.query(DIFFERING_PRESET_SQL);
    if (rows.length === 0) return;
    const { name, expected, got } = rows[0];
    throw new Error(
      `a connection pooler is in the way, and new sessions have ${name} = ${got}, expected ${expected}: ` +
        'set DATABASE_URL to the database server itself',
    );
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override query(...args: any[]): any {
    const startedAtMs = performance.now();
    const callback: unknown = args.at(-1);
    if (typeof callback === 'function') {
      args[args.length - 1] = (error: Error | null, result?: unknown) =>
        (callback as Callback)(
          error ? this.discardOnTimeout(error, startedAtMs) : this.unreplicated(),
          result,
        );
    }
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    const answer: unknown = (super.query as (...all: any[]) => unknown).apply(this, args);
    if (!(answer instanceof Promise)) return answer;
    return answer.then(
      (result: unknown) => {
        const error = this.unreplicated();
        if (error) throw error;
        return result;
      },
      (error: Error) => {
        throw this.discardOnTimeout(error, startedAtMs);
      },
    );
  }

  private unreplicated(): NotReplicatedError | null {
    if (!this.isUnreplicated) return null;
    void this.end();
    return new NotReplicatedError(
      'the wait for the standby was ended before it had confirmed a commit',
    );
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
