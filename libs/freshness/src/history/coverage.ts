import type { EngineHistory, SettingsHistory, TimeSpan } from './engine-history.js';
import type { Standing } from './standing.js';
import { standingsOf } from './standings.js';

/**
 * `covered`: the last full backup known then was within its maximum age. `unwatched`: the engine was not monitored, or the feature was
 * off. `uncovered`: everything else.
 */
export type Cover = 'covered' | 'uncovered' | 'unwatched';

export interface CoverSpan extends TimeSpan {
  readonly cover: Cover;
}

/** How far an engine's backups have covered a span of time. The three sums of milliseconds add up to it exactly. */
export interface Coverage {
  /** They follow one another without a gap, and no two neighbours are alike. */
  readonly spans: readonly CoverSpan[];
  readonly coveredMs: number;
  readonly uncoveredMs: number;
  readonly unwatchedMs: number;
  /** How many spans are uncovered, and how long the longest of them is: 0 where none is. */
  readonly gaps: number;
  readonly longestGapMs: number;
}

const COVER_OF: Readonly<Record<Standing, Cover>> = {
  fresh: 'covered',
  too_old: 'uncovered',
  no_full_backup: 'uncovered',
  // Its true age is unknown: it must not count as covered.
  success_in_future: 'uncovered',
  not_watched: 'unwatched',
  feature_off: 'unwatched',
};

/**
 * The coverage of an engine in a span of time, to the millisecond.
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function coverageOf(
  engine: EngineHistory,
  settings: SettingsHistory,
  span: TimeSpan,
): Coverage {
  const spans: CoverSpan[] = [];
  for (const { from, until, standing } of standingsOf(engine, settings, span)) {
    const cover = COVER_OF[standing];
    const last = spans.at(-1);
    if (last?.cover === cover) spans[spans.length - 1] = { ...last, until };
    else spans.push({ from, until, cover });
  }
  const lengthsOf = (cover: Cover) =>
    spans.filter((one) => one.cover === cover).map(({ from, until }) => until - from);
  const gapsMs = lengthsOf('uncovered');
  return {
    spans,
    coveredMs: sum(lengthsOf('covered')),
    uncoveredMs: sum(gapsMs),
    unwatchedMs: sum(lengthsOf('unwatched')),
    gaps: gapsMs.length,
    longestGapMs: gapsMs.reduce((longest, one) => Math.max(longest, one), 0),
  };
}

function sum(spans: readonly number[]): number {
  return spans.reduce((all, one) => all + one, 0);
}
