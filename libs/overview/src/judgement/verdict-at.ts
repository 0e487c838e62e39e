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
  /** Whether that reaches back to the first time of monitoring that is recorded. */
  readonly isKnownWhole: boolean;
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
  const { first, changes } = history.monitoring;
  const isKnownWhole =
    knownSinceAt === null ||
    (first === null && changes.every((change) => change.at >= knownSinceAt));
  if (knownSinceAt !== null && at < knownSinceAt)
    return { at, knownSinceAt, isKnownWhole, known: undefined };
  const situation = situationAt(history, settings, at);
  const standing = standingOf(situation, at);
  const { facts } = situation;
  const freshness = facts.retired ? undefined : judgeFreshness(facts, at);
  return { at, knownSinceAt, isKnownWhole, known: { situation, standing, freshness } };
}
