import type { EngineHistory, SettingsHistory, TimeSpan } from './engine-history.js';
import { nextTurnAt } from './next-turn.js';
import {
  learn,
  NO_SUCCESSES,
  situationOf,
  standingOf,
  type Situation,
  type Standing,
} from './standing.js';

/** A span in which the same facts decide an engine, with the same outcome. */
export interface StandingSpan extends TimeSpan {
  readonly standing: Standing;
  readonly situation: Situation;
}

/**
 * The standings of an engine in a span of time: spans that follow one another without a gap. One ends wherever a fact of the decision
 * changes, so that neighbours may have the same standing.
 *
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function standingsOf(
  engine: EngineHistory,
  settings: SettingsHistory,
  { from, until }: TimeSpan,
): StandingSpan[] {
  const { successes } = engine;
  const starts = [from, ...changesWithin(engine, settings, { from, until })];
  const spans: StandingSpan[] = [];
  let known = NO_SUCCESSES;
  let next = 0;
  starts.forEach((start, index) => {
    for (; next < successes.length && successes[next]!.receivedAt <= start; next++)
      known = learn(known, successes[next]!);
    const situation = situationOf(engine, settings, start, known);
    spans.push(...turnsOf(situation, { from: start, until: starts[index + 1] ?? until }));
  });
  return spans;
}

/** The instants at which a fact of the decision changes: after the beginning of the span and before its end, in order, each once. */
function changesWithin(
  engine: EngineHistory,
  settings: SettingsHistory,
  { from, until }: TimeSpan,
): number[] {
  const timelines = [
    settings.checkPeriodMs,
    settings.alertPeriodDays,
    engine.monitoring,
    engine.ownPeriodDays,
  ];
  const instants = [
    ...timelines.flatMap(({ changes }) => changes.map(({ at }) => at)),
    ...engine.successes.map(({ receivedAt }) => receivedAt),
  ].filter((at) => at > from && at < until);
  return [...new Set(instants)].sort((a, b) => a - b);
}

/** While nothing changes but the time. */
function turnsOf(situation: Situation, { from, until }: TimeSpan): StandingSpan[] {
  const spans: StandingSpan[] = [];
  for (let at = from; at < until; at = spans.at(-1)!.until) {
    const standing = standingOf(situation, at);
    const turn = nextTurnAt(situation.facts, at);
    spans.push({ from: at, until: Math.min(turn ?? until, until), standing, situation });
  }
  return spans;
}
