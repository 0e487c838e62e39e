import {
  judgeFreshness,
  situationAt,
  standingOf,
  type Freshness,
  type Situation,
  type Standing,
} from '@backup-awareness/freshness';
import type { HistoryBasis, ToldHistory } from '../state/history/index.js';

/** The verdict on an engine at an instant: by what had been received by then, with the settings and the monitoring of that instant. */
export interface VerdictAt {
  readonly at: number;
  /** Since when that is known; null: from the beginning. */
  readonly toldSinceAt: number | null;
  /** Undefined before that. */
  readonly told:
    | {
        readonly situation: Situation;
        readonly standing: Standing;
        /** Undefined while it was not monitored. */
        readonly freshness: Freshness | undefined;
      }
    | undefined;
}

export function verdictAt(
  { history, toldSinceAt }: ToldHistory,
  { settings }: HistoryBasis,
  at: number,
): VerdictAt {
  if (toldSinceAt !== null && at < toldSinceAt) return { at, toldSinceAt, told: undefined };
  const situation = situationAt(history, settings, at);
  const standing = standingOf(situation, at);
  const { facts } = situation;
  const freshness = facts.retired ? undefined : judgeFreshness(facts, at);
  return { at, toldSinceAt, told: { situation, standing, freshness } };
}
