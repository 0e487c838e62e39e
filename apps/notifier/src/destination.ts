/** How things are when a destination gets its turn. */
export interface Pulse {
  /** By the database's clock, while it answers: whole milliseconds since 1970. */
  readonly now: number;
  /** Another one whenever there may be something new to tell; null while the database does not answer. */
  readonly version: string | null;
  /** Since when the database has not answered, and what it says; null while it does. */
  readonly unreadable: { readonly sinceAt: number; readonly error: string } | null;
}

/** What a destination was told in one turn. */
export interface Round {
  readonly told: number;
  readonly failed: number;
  /** Given up for good. */
  readonly givenUp: number;
  /** Why the last try failed; null where it went well, undefined where nothing was tried. */
  readonly error: string | null | undefined;
}

export const NOTHING_TO_TELL: Round = { told: 0, failed: 0, givenUp: 0, error: undefined };

/** Somewhere people look. */
export interface Destination {
  /** As metrics, logs and the database name it: it holds no secret. */
  readonly name: string;
  /** Its kind, as the metrics count it. */
  readonly kind: string;
  /**
   * Tells what is due, if anything is. Called about once a second, never twice at once, and takes no longer than its time-outs.
   *
   * @param signal aborts what is under way, since the service is to end
   * @throws what the database says
   */
  round(pulse: Pulse, signal: AbortSignal): Promise<Round>;
}

const FIRST_PAUSE_MS = 5_000;

/** How long to wait after so many failures one after the other: 5 s, then twice as long each time, up to `maxMs`. */
export function backOffMs(failures: number, maxMs: number): number {
  return Math.min(maxMs, FIRST_PAUSE_MS * 2 ** Math.min(20, Math.max(0, failures - 1)));
}
