import type { Timeline } from './timeline.js';

/** The settings that decide, as they were. */
export interface SettingsHistory {
  /** Null: the feature was off. */
  readonly checkPeriodMs: Timeline<number | null>;
  /** The general alert period. */
  readonly alertPeriodDays: Timeline<number>;
}

/** What decides an engine's verdict at any instant, besides the settings. Instants are whole milliseconds since 1970. */
export interface EngineHistory {
  readonly fqdn: string;
  /** Null while it is not monitored. */
  readonly monitoring: Timeline<Monitoring | null>;
  /** Its own alert period; null while the general one applies. */
  readonly ownPeriodDays: Timeline<number | null>;
  /** In the order of receipt. Discounted ones are left out. */
  readonly successes: readonly KnownSuccess[];
}

export interface Monitoring {
  readonly sinceAt: number;
  /** Registered by its first report: it is decided at the next check, and not at once. */
  readonly isByReport: boolean;
}

/** A success of what a full backup consists of. */
export interface KnownSuccess {
  readonly scope: 'db' | 'files';
  /** Since when it is known. */
  readonly receivedAt: number;
  readonly countedAt: number;
}

/** From the first of these instants until just before the second. */
export interface TimeSpan {
  readonly from: number;
  readonly until: number;
}
