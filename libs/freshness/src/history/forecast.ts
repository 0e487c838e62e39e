import type { EngineFacts } from '../engine-facts.js';
import { judgeFreshness } from '../judge-freshness.js';
import { firstCheckFrom } from './check-schedule.js';
import type { TimeSpan } from './engine-history.js';
import { nextTurnAt } from './next-turn.js';

/** When an engine turns too old if nothing more arrives. Instants are whole milliseconds since 1970. */
export interface Turn {
  /** The limit: the last full backup is too old from the next millisecond on. The alert has the same instant. */
  readonly turnsAt: number;
  /** The check that finds it; null: none will. */
  readonly checkAt: number | null;
  /** Of what a full backup consists of, the older one; `db` where both are of the same instant. */
  readonly shortScope: 'db' | 'files';
  readonly lastFullBackupAt: number;
}

/** When checks are made; null: the feature is off. */
export interface ComingChecks {
  readonly nextCheckAt: number;
  readonly periodMs: number;
}

/**
 * When an engine turns too old if nothing more arrives; undefined where that is not within the span, or where the engine is already too
 * old, or without a full backup, at its beginning.
 *
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function forecastTurn(
  facts: EngineFacts,
  { from, until }: TimeSpan,
  checks: ComingChecks | null,
): Turn | undefined {
  if (facts.retired) return undefined;
  for (let at = nextTurnAt(facts, from); at !== null && at <= until; at = nextTurnAt(facts, at)) {
    const freshness = judgeFreshness(facts, at);
    if (freshness.verdict !== 'too_old') continue;
    const { lastFullBackupAt, sinceAt } = freshness;
    return {
      turnsAt: sinceAt,
      checkAt: checks && checkThatFinds(at, checks),
      shortScope: facts.lastDbSuccessAt === lastFullBackupAt ? 'db' : 'files',
      lastFullBackupAt,
    };
  }
  return undefined;
}

function checkThatFinds(at: number, { nextCheckAt, periodMs }: ComingChecks): number {
  return Math.max(nextCheckAt, firstCheckFrom(at, nextCheckAt, periodMs));
}
