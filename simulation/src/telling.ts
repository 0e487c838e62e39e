import type { AlertCleared, AlertRaised, FreshnessAlert } from '@backup-awareness/freshness';

/** An event without its message. */
export type ToldEvent = Omit<AlertRaised, 'message'> | AlertCleared;

/** What can be observed from outside after a step. */
export interface Telling {
  /** Those of this step. */
  readonly events: readonly ToldEvent[];
  /** By engine. */
  readonly active: Readonly<Record<string, FreshnessAlert>>;
  /** Engines that were decided in this step and are fresh, by name. */
  readonly fresh: readonly string[];
  /** When each check was made, from the first on. */
  readonly checks: readonly number[];
  /** As the last tick planned it; null before the first, and with the feature off. */
  readonly nextCheckAt: number | null;
}

/** Names sort as the numbers do, which gives the order of events within a tick. */
export function fqdnOf(engine: number): string {
  return `engine-${engine}.example.com`;
}
