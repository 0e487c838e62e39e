/** What is known of one engine when it is decided. Instants are whole milliseconds since 1970. */
export interface EngineFacts {
  fqdn: string;
  watchedSinceAt: number;
  retired: boolean;
  /** `counted_at` of the last success of `db`; null when there is none. It may lie after `now` when a clock ran ahead. */
  lastDbSuccessAt: number | null;
  /** The same of `files`. No other scope matters. */
  lastFilesSuccessAt: number | null;
  /** The longest age allowed of the last full backup: the engine's own, or else the general one. */
  alertPeriodMs: number;
  /**
   * When that period last changed for this engine; null if never. An engine without one of its own is
   * concerned by the general setting's change and by the dropping of its own, so by the later of the two.
   */
  alertPeriodChangedAt: number | null;
}
