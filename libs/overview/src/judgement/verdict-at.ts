import {
  judgeFreshness,
  situationAt,
  standingOf,
  type Freshness,
  type Situation,
  type Standing,
} from '@backup-awareness/freshness';
import type { HistoryBasis, KnownHistory } from '../state/history/index.js';

/** The verdict on an engine at an instant: by what had been received by then, with the settings and the monitoring of that instant. */
export interface VerdictAt {
  readonly at: number;
  /** Since when that is known; null: from the beginning. */
  readonly knownSinceAt: number | null;
  /** Undefined before that. */
  readonly known:
    | {
        readonly situation: Situation;
        readonly standing: Standing;
        /** Undefined while it was not monitored. */
        readonly freshness: Freshness | undefined;
      }
    | undefined;
}

export function verdictAt(
  { history, knownSinceAt }: KnownHistory,
  { settings }: HistoryBasis,
  at: number,
): VerdictAt {
  if (knownSinceAt !== null && at < knownSinceAt) return { at, knownSinceAt, known: undefined };
  const situation = situationAt(history, settings, at);
  const standing = standingOf(situation, at);
  const { facts } = situation;
  const freshness = facts.retired ? undefined : judgeFreshness(facts, at);
  return { at, knownSinceAt, known: { situation, standing, freshness } };
}
