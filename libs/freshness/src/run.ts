/** One scope of a run, according to its reports. Instants are whole milliseconds since 1970. */
export interface ScopeOfRun {
  readonly scope: string;
  /** `counted_at` of its first started report; after `now` if a clock was ahead. */
  readonly startedAt: number;
  /** Whether there is a completed or failed report of that run and scope. */
  readonly hasEnded: boolean;
  /** `counted_at` of the scope's last success, if another run made it; otherwise null. */
  readonly otherSuccessAt: number | null;
}

/** An alert about a run that is raised and not yet cleared. */
export interface ActiveRunAlert {
  readonly alertId: string;
  readonly decidedAt: number;
}

/** A run that may be open, as the input of a decision. */
export interface RunToDecide {
  /** Null: its reports have none, and it has one scope. */
  readonly runId: string | null;
  /** The scopes that it started; none if its reports are gone, or if it has no `run_id` and every start has an end. */
  readonly scopes: readonly ScopeOfRun[];
  readonly active: ActiveRunAlert | null;
}

/** The state of a run according to its reports alone. */
export type RunState =
  | { readonly state: 'ended' }
  /** Other runs have completed every scope that it started, after it started. */
  | { readonly state: 'superseded'; readonly startedAt: number }
  | {
      readonly state: 'open';
      readonly startedAt: number;
      /** Those without an end, sorted. */
      readonly openScopes: readonly string[];
    };

/** Judges a run by its reports: it is open while any scope that it started has no end. */
export function judgeRun({ scopes }: Pick<RunToDecide, 'scopes'>): RunState {
  const openScopes = scopes.filter(({ hasEnded }) => !hasEnded).map(({ scope }) => scope);
  if (openScopes.length === 0) return { state: 'ended' };
  const startedAt = Math.min(...scopes.map((one) => one.startedAt));
  const isSuperseded = scopes.every(
    ({ otherSuccessAt }) => otherSuccessAt !== null && otherSuccessAt > startedAt,
  );
  return isSuperseded
    ? { state: 'superseded', startedAt }
    : { state: 'open', startedAt, openScopes: openScopes.sort() };
}
