/** One thing that can happen. Engines are numbered from 0; spans and periods are whole milliseconds. */
export type Step =
  | ReportStep
  /** An earlier message comes once more, as it was or (`altered`) with other content. */
  | { readonly what: 'report again'; readonly nth: number; readonly altered: boolean }
  /** While ingest is away messages wait in its queue. */
  | { readonly what: 'ingest stops' | 'ingest starts' }
  /** Time goes by, never backwards. */
  | { readonly what: 'clock'; readonly byMs: number }
  /** The database's clock is put forward or back while no time goes by. */
  | { readonly what: 'clock moved'; readonly byMs: number }
  /** `clock accept` */
  | { readonly what: 'clock accepted' }
  | { readonly what: 'feature off' | 'feature on' }
  | { readonly what: 'check period'; readonly ms: number }
  | { readonly what: 'alert period'; readonly ms: number }
  /** How long a run may be open; null: no alert is raised about runs. */
  | { readonly what: 'stuck after'; readonly ms: number | null }
  /** Null: the engine goes by the general period again. */
  | { readonly what: 'own alert period'; readonly engine: number; readonly ms: number | null }
  /** `engines add`; null: without a period of its own. */
  | { readonly what: 'added'; readonly engine: number; readonly ms: number | null }
  | { readonly what: 'retired'; readonly engine: number }
  /** The engine's reports are removed from the log by hand. */
  | { readonly what: 'forgotten'; readonly engine: number }
  /** Another checker leads, or the same after a restart. */
  | { readonly what: 'new leader' }
  /** The leader's; `backlog`: by what it knows ingest has not worked off its queue yet. */
  | { readonly what: 'tick'; readonly backlog: boolean };

export interface ReportStep {
  readonly what: 'report';
  readonly engine: number;
  readonly scope: string;
  /** The name of the run; null: the report names none. */
  readonly run: string | null;
  /** As in the contract: -1 failed, 0 started, 1 completed. */
  readonly status: -1 | 0 | 1;
  /** How long ago the backup was done when its report is sent, by any clock. */
  readonly doneMsAgo: number;
  /** How far the host's clock is ahead of the database's. */
  readonly hostAheadMs: number;
  /** Whether the message says when it was sent. */
  readonly hasTimestamp: boolean;
  /** Not null: it was a dead letter for so long, and comes by a replay. */
  readonly firstReceivedMsAgo: number | null;
}
