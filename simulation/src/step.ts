/** Something that can happen. Engines are numbered from 0; spans and periods are whole milliseconds. */
export type Step =
  | ReportStep
  /** An earlier message arrives again, unchanged or (`altered`) with other content. */
  | { readonly what: 'report again'; readonly nth: number; readonly altered: boolean }
  /** While ingest is stopped, messages wait in its queue. */
  | { readonly what: 'ingest stops' | 'ingest starts' }
  /** Time passes, never backwards. */
  | { readonly what: 'clock'; readonly byMs: number }
  /** The database's clock is set forward or back while no time passes. */
  | { readonly what: 'clock moved'; readonly byMs: number }
  /** `clock accept` */
  | { readonly what: 'clock accepted' }
  | { readonly what: 'feature off' | 'feature on' }
  | { readonly what: 'check period'; readonly ms: number }
  | { readonly what: 'alert period'; readonly ms: number }
  /** Null: the general period holds again. */
  | { readonly what: 'own alert period'; readonly engine: number; readonly ms: number | null }
  /** `engines add`; null: without a period of its own. */
  | { readonly what: 'added'; readonly engine: number; readonly ms: number | null }
  | { readonly what: 'retired'; readonly engine: number }
  /** The engine's reports are removed from the log by hand. */
  | { readonly what: 'forgotten'; readonly engine: number }
  /** Another checker becomes leader, or the same one after a restart. */
  | { readonly what: 'new leader' }
  /** A tick of the leader; `backlog`: as far as it knows, ingest still has a backlog. */
  | { readonly what: 'tick'; readonly backlog: boolean };

export interface ReportStep {
  readonly what: 'report';
  readonly engine: number;
  readonly scope: string;
  /** As in the contract: -1 failed, 0 started, 1 completed. */
  readonly status: -1 | 0 | 1;
  /** How long before its report was sent the backup was done, by any clock. */
  readonly doneMsAgo: number;
  /** How far the host's clock is ahead of the database's. */
  readonly hostAheadMs: number;
  /** Whether the message says when it was sent. */
  readonly hasTimestamp: boolean;
  /** Not null: it was a dead letter for so long, and is replayed. */
  readonly firstReceivedMsAgo: number | null;
}
