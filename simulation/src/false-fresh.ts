import { biography, generalPeriod, storedSuccesses } from './biography.js';
import { fqdnOf } from './telling.js';
import type { Happening } from './timeline.js';

const TOLERANCE_MS = 60_000;
const ENGINES = 3;

/**
 * The oracle: an engine that the last step called fresh, although by the true time its last full backup exceeds the maximum age by
 * more than a minute; undefined if there is none.
 *
 * One thing nobody can know: that a clock was set back, if nothing stored lies after it (because the checker was down, or the clock
 * has caught up). Then an age that seems right may be wrong. It can be known as soon as a decision, or a success of the engine's db or
 * files, lies more than a minute after the clock, until an administrator accepts the clock. Host clocks that are ahead do not matter
 * here: a report is as true as its receipt made it.
 */
export function falseFresh(
  past: readonly Happening[],
  saidFresh: readonly string[],
): string | undefined {
  for (let engine = 0; engine < ENGINES; engine++)
    if (saidFresh.includes(fqdnOf(engine)) && isTooOldInTruth(past, engine)) {
      if (!isBeyondKnowing(past, engine)) return fqdnOf(engine);
    }
  return undefined;
}

function isTooOldInTruth(past: readonly Happening[], engine: number): boolean {
  const life = biography(past, engine);
  const newest: Record<string, number> = {};
  for (const { report, index, countedAt } of storedSuccesses(past, engine)) {
    const aheadMs = past[index]!.at - past[index]!.wallAt;
    const trulyAt = Math.max(report.doneWallAt, countedAt - aheadMs);
    newest[report.scope] = Math.max(trulyAt, newest[report.scope] ?? trulyAt);
  }
  const { db, files } = newest;
  if (!life || db === undefined || files === undefined) return true;
  const periodMs = life.ownPeriod.ms ?? generalPeriod(past).ms;
  return past.at(-1)!.wallAt - Math.min(db, files) > periodMs + TOLERANCE_MS;
}

function isBeyondKnowing(past: readonly Happening[], engine: number): boolean {
  const { at, wallAt } = past.at(-1)!;
  const aheadMs = past.map((happening) => happening.at - happening.wallAt);
  const wasPutBack = Math.max(...aheadMs) - (at - wallAt) > TOLERANCE_MS;
  return wasPutBack && at >= latestWitness(past, engine) - TOLERANCE_MS;
}

/** The latest instant of a decision or of a success of the engine; those before an acceptance count no later than that. */
function latestWitness(past: readonly Happening[], engine: number): number {
  const successes = storedSuccesses(past, engine).filter(({ report }) =>
    ['db', 'files'].includes(report.scope),
  );
  let ticksAt = 0;
  let successesAt = 0;
  past.forEach(({ step, at }, index) => {
    for (const success of successes)
      if (success.index === index) successesAt = Math.max(successesAt, success.countedAt);
    if (step.what === 'tick') ticksAt = Math.max(ticksAt, at);
    if (step.what !== 'clock accepted') return;
    ticksAt = Math.min(ticksAt, at);
    successesAt = Math.min(successesAt, at);
  });
  return Math.max(ticksAt, successesAt);
}
