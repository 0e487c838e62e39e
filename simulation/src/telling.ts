import type {
  AlertCleared,
  AlertRaised,
  FreshnessAlert,
  StuckBackupRaised,
} from '@backup-awareness/freshness';

/** An event without its words for a person. */
export type ToldEvent =
  Omit<AlertRaised, 'message'> | Omit<StuckBackupRaised, 'message'> | AlertCleared;

/** What can be seen from outside after a step. */
export interface Telling {
  /** Those of this step. */
  readonly events: readonly ToldEvent[];
  /** By engine. */
  readonly active: Readonly<Record<string, FreshnessAlert>>;
  /** Those that were decided in this step and are fresh, in the order of their names. */
  readonly fresh: readonly string[];
  /** When each check was done, from the first on. */
  readonly checks: readonly number[];
  /** As the last tick reckoned it; null before the first, and with the feature off. */
  readonly nextCheckAt: number | null;
}

/** Their order is that of their numbers, and events of one tick come in it. */
export function fqdnOf(engine: number): string {
  return `engine-${engine}.example.com`;
}
