/** What a decision knows about an engine. Instants are whole milliseconds since 1970. */
export interface EngineFacts {
  readonly fqdn: string;
  readonly watchedSinceAt: number;
  readonly retired: boolean;
  /** `counted_at` of the last success of `db`; null if there is none. It may lie after `now` if a clock ran ahead. */
  readonly lastDbSuccessAt: number | null;
  /** The same for `files`. No other scope matters. */
  readonly lastFilesSuccessAt: number | null;
  /** The maximum age of the last full backup: the engine's own, or else the general one. */
  readonly alertPeriodMs: number;
  /** Since when that holds for this engine (see `alertPeriodOf`); null: always. */
  readonly alertPeriodChangedAt: number | null;
}
