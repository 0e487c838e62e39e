/** One scope of a run, as its reports tell. Instants are whole milliseconds since 1970. */
export interface ScopeOfRun {
  readonly scope: string;
  /** `counted_at` of its first started report. It may lie after `now` when a clock ran ahead. */
  readonly startedAt: number;
  /** Whether a completed or failed report of that run and scope is there. */
  readonly hasEnded: boolean;
  /** `counted_at` of the scope's last success, where that is not of this run; null when there is none. */
  readonly otherSuccessAt: number | null;
}

/** An alert about a run that was raised and not cleared yet. */
export interface ActiveRunAlert {
  readonly alertId: string;
  readonly decidedAt: number;
}

/** A run of an engine that may be open, when it is decided. */
export interface RunToDecide {
  /** Null: its reports name none, and it is of one scope. */
  readonly runId: string | null;
  /** All that it has begun; none where its reports are gone, or where it has no name and every start has an end. */
  readonly scopes: readonly ScopeOfRun[];
  readonly active: ActiveRunAlert | null;
}

/** What the reports alone say of a run. */
export type RunState =
  | { readonly state: 'ended' }
  /** Every scope that it began was completed by others since it started. */
  | { readonly state: 'superseded'; readonly startedAt: number }
  | {
      readonly state: 'open';
      readonly startedAt: number;
      /** Those without an end, by name. */
      readonly openScopes: readonly string[];
    };

/** Judges a run by its reports: it is open while a scope that it has begun has no end, however many of them have. */
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
