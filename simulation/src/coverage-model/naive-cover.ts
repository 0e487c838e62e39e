import type { Cover } from '@backup-awareness/freshness';
import type { Life } from './any-life.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const TOLERANCE_MS = 60_000;

/**
 * Whether an engine was covered at one instant: the contract's words ("Asking about another instant"), read from the beginning of its life,
 * without the product's code and without regard to speed.
 */
export function naiveCover({ engine, settings }: Life, at: number): Cover {
  if (inForce(settings.checkPeriodMs, at) === null) return 'unwatched';
  if (inForce(engine.monitoring, at) === null) return 'unwatched';
  let db = -Infinity;
  let files = -Infinity;
  for (const { scope, receivedAt, countedAt } of engine.successes) {
    if (receivedAt > at) continue;
    if (scope === 'db') db = Math.max(db, countedAt);
    else files = Math.max(files, countedAt);
  }
  if (db > at + TOLERANCE_MS || files > at + TOLERANCE_MS) return 'uncovered';
  const days = inForce(engine.ownPeriodDays, at) ?? inForce(settings.alertPeriodDays, at);
  return at - Math.min(db, files) <= Math.round(days * DAY_MS) ? 'covered' : 'uncovered';
}

interface Changing<T> {
  readonly first: T;
  readonly changes: readonly { readonly at: number; readonly to: T }[];
}

function inForce<T>({ first, changes }: Changing<T>, at: number): T {
  let value = first;
  for (const change of changes) if (change.at <= at) value = change.to;
  return value;
}
