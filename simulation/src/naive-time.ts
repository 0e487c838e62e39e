import { storedSuccesses, type StoredSuccess } from './biography.js';
import type { Happening } from './timeline.js';

const TOLERANCE_MS = 60_000;
const ENGINES = 3;

/** The `now` of a tick at the end of a history; null: the clock is behind, and the time is unknown. */
export function nowToDecideBy(past: readonly Happening[]): number | null {
  const { at } = past.at(-1)!;
  const latest = latestDecision(past.slice(0, -1));
  if (latest === null) return at;
  return latest - at > TOLERANCE_MS ? null : Math.max(at, latest);
}

/** The latest `now` of any decision; null: there was none. */
function latestDecision(past: readonly Happening[]): number | null {
  let latest: number | null = null;
  past.forEach((happening, index) => {
    const { step, at } = happening;
    if (step.what === 'tick' && (latest === null || latest - at <= TOLERANCE_MS))
      latest = Math.max(latest ?? at, at);
    if (isAcceptance(past, index)) latest = Math.min(latest ?? at, at);
  });
  return latest;
}

/** Caches each acceptance: otherwise those before it would be computed again for each of its successes. */
const acceptances = new WeakMap<Happening, boolean>();

/** Whether a clock that was in doubt is accepted at this index of a history. */
export function isAcceptance(history: readonly Happening[], place: number): boolean {
  const last = history[place]!;
  if (last.step.what !== 'clock accepted') return false;
  const known = acceptances.get(last);
  if (known !== undefined) return known;
  const past = history.slice(0, place + 1);
  const before = history.slice(0, place);
  const latest = latestDecision(before) ?? last.at;
  const now = Math.max(latest, last.at);
  let newest = 0;
  for (let engine = 0; engine < ENGINES; engine++)
    for (const success of storedSuccesses(past, engine))
      if (!isDiscounted(before, success)) newest = Math.max(newest, success.countedAt);
  const inDoubt = latest - last.at > TOLERANCE_MS || newest - now > TOLERANCE_MS;
  acceptances.set(last, inDoubt);
  return inDoubt;
}

/** A success that lay in the future when the clock was accepted does not count. */
function isDiscounted(past: readonly Happening[], { index, countedAt }: StoredSuccess): boolean {
  return past.some(
    ({ at }, place) => place >= index && at < countedAt && isAcceptance(past, place),
  );
}

export interface LastSuccesses {
  readonly db: number | undefined;
  readonly files: number | undefined;
}

/** The last successes that count. */
export function lastSuccesses(past: readonly Happening[], engine: number): LastSuccesses {
  const newest: Record<string, number> = {};
  for (const success of storedSuccesses(past, engine)) {
    if (isDiscounted(past, success)) continue;
    const { report, countedAt } = success;
    newest[report.scope] = Math.max(countedAt, newest[report.scope] ?? countedAt);
  }
  return { db: newest['db'], files: newest['files'] };
}

/** The last full backup; null if there is none. */
export function lastFullBackup(past: readonly Happening[], engine: number): number | null {
  const { db, files } = lastSuccesses(past, engine);
  return db === undefined || files === undefined ? null : Math.min(db, files);
}
