import type { UnknownSpell } from '@backup-awareness/database';
import type { AlertRow } from '@backup-awareness/overview/state';

/** The alerts at one instant. */
export interface AlertView {
  readonly alerts: readonly AlertRow[];
  readonly spells: readonly UnknownSpell[];
  /** The number of monitored engines. */
  readonly monitored: number;
  /** What ended before this instant is no longer sent. */
  readonly endedAfter: number;
}

/** An alert without the instant until which it is active. */
export interface Situation {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly sinceAt: number;
  /** Null while it is active. */
  readonly endedAt: number | null;
  readonly generatorURL?: string | undefined;
}
