/** What is known of one engine when it is decided. Instants are whole milliseconds since 1970. */
export interface EngineFacts {
  readonly fqdn: string;
  readonly watchedSinceAt: number;
  readonly retired: boolean;
  /** `counted_at` of the last success of `db`; null when there is none. It may lie after `now` when a clock ran ahead. */
  readonly lastDbSuccessAt: number | null;
  /** The same of `files`. No other scope matters. */
  readonly lastFilesSuccessAt: number | null;
  /** The longest age allowed of the last full backup: the engine's own, or else the general one. */
  readonly alertPeriodMs: number;
  /**
   * When that period last changed for this engine; null if never. An engine without one of its own is
   * concerned by the general setting's change and by the dropping of its own, so by the later of the two.
   */
  readonly alertPeriodChangedAt: number | null;
}
