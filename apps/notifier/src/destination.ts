/** The state at the start of a round. */
export interface Pulse {
  /** Whole milliseconds since 1970, by the database's clock while the database answers. */
  readonly now: number;
  /** Changes whenever there may be something new to send; null while the database does not answer. */
  readonly version: string | null;
  /** Since when the database could not be read, or not be written, and the error; null while it can. */
  readonly unreadable: { readonly sinceAt: number; readonly error: string } | null;
}

/** The result of one round. */
export interface Round {
  readonly told: number;
  readonly failed: number;
  /** Given up permanently. */
  readonly givenUp: number;
  /** Why the last attempt failed; null if it succeeded, undefined if nothing was attempted. */
  readonly error: string | null | undefined;
  /** Whether the round itself has thrown, as when a statement of the database fails: nothing is known about what is pending. */
  readonly isBroken?: boolean;
  /** Whether another replica serves the destination at another URL, or did: this round says nothing about it. */
  readonly isSuperseded?: boolean;
}

export const NOTHING_TO_TELL: Round = { told: 0, failed: 0, givenUp: 0, error: undefined };

/** A receiver of notifications. */
export interface Destination {
  /** Its name in metrics, logs and the database; contains no secret. */
  readonly name: string;
  /**
   * Sends what is due, if anything. Called about once a second, never concurrently, and takes no longer than its time-outs.
   *
   * @param signal aborts the round when the service stops
   * @throws errors of the database
   */
  round(pulse: Pulse, signal: AbortSignal): Promise<Round>;
}

const FIRST_PAUSE_MS = 5_000;

/** A destination that answers again gets what is due within a minute. */
const PAUSE_MAX_MS = 60_000;

/** How long to wait after this many failures in a row: 5 s, then twice as long each time, up to `maxMs`. */
export function backOffMs(failures: number, maxMs = PAUSE_MAX_MS): number {
  return Math.min(maxMs, FIRST_PAUSE_MS * 2 ** Math.min(20, Math.max(0, failures - 1)));
}
