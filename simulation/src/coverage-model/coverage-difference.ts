import { coverageOf } from '@backup-awareness/freshness';
import fc from 'fast-check';
import type { Simulation } from '../simulate.js';
import { anyLife, MINUTE_MS, type Life } from './any-life.js';
import { naiveCover } from './naive-cover.js';

export type CoverageRule = typeof coverageOf;

/**
 * Walks a life minute by minute and compares each minute, and both ends of every span, with the naive model; and adds up the spans.
 *
 * @returns the first difference, in words; undefined if there is none
 */
function coverageDifference(life: Life, rule: CoverageRule = coverageOf): string | undefined {
  const { engine, settings, span } = life;
  const { spans, coveredMs, uncoveredMs, unwatchedMs, gaps, longestGapMs } = rule(
    engine,
    settings,
    span,
  );
  const sum = coveredMs + uncoveredMs + unwatchedMs;
  if (sum !== span.until - span.from)
    return `the sums are ${sum} ms, the span is ${span.until - span.from} ms`;
  const gapsMs = spans
    .filter(({ cover }) => cover === 'uncovered')
    .map((gap) => gap.until - gap.from);
  if (gaps !== gapsMs.length || longestGapMs !== Math.max(0, ...gapsMs))
    return `the gaps are counted as ${gaps}, the longest as ${longestGapMs} ms`;
  if (spans[0]?.from !== span.from || spans.at(-1)?.until !== span.until)
    return 'the spans do not begin and end with the span asked for';
  for (const [index, one] of spans.entries()) {
    const next = spans[index + 1];
    if (next && (next.from !== one.until || next.cover === one.cover))
      return `after ${utc(one.until)} there is no other span`;
    const minute = Math.ceil(one.from / MINUTE_MS) * MINUTE_MS;
    for (let at = minute; at < one.until; at += MINUTE_MS)
      if (naiveCover(life, at) !== one.cover) return parts(life, at, one.cover);
    for (const at of [one.from, one.until - 1])
      if (naiveCover(life, at) !== one.cover) return parts(life, at, one.cover);
  }
  return undefined;
}

function parts(life: Life, at: number, cover: string): string {
  return `at ${utc(at)} it is ${cover}, and by the naive model ${naiveCover(life, at)}`;
}

function utc(at: number): string {
  return new Date(at).toISOString();
}

/** Compares so many generated lives. @returns undefined if all agree; otherwise the shortest difference found, in words */
export function simulateCoverage(
  { seed, histories }: Simulation,
  rule?: CoverageRule,
): string | undefined {
  const agree = fc.property(anyLife, (life) => coverageDifference(life, rule) === undefined);
  const { failed, counterexample } = fc.check(agree, { seed, numRuns: histories });
  if (!failed) return undefined;
  const [life] = counterexample!;
  return `${coverageDifference(life, rule)}\n${JSON.stringify(life, undefined, 2)}`;
}
