import type { UnknownSpell } from '@backup-awareness/database';
import type { AlertRow } from '@backup-awareness/overview/state';

/** What is known of alerts at one instant. */
export interface AlertView {
  readonly alerts: readonly AlertRow[];
  readonly spells: readonly UnknownSpell[];
  /** How many engines are monitored. */
  readonly monitored: number;
  /** What has ended before is not told any more. */
  readonly endedAfter: number;
}

/** An alert before it is known until when it holds. */
export interface Situation {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly sinceAt: number;
  /** Null while it lasts. */
  readonly endedAt: number | null;
  readonly generatorURL?: string | undefined;
}
