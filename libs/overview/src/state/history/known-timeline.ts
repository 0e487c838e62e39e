import type { Change, Timeline } from '@backup-awareness/freshness';

/** A timeline, and since when it is known; null: from the beginning. */
export interface KnownTimeline<T> {
  readonly timeline: Timeline<T>;
  readonly knownSinceAt: number | null;
}

/** A change of a value, according to the audit log. */
export interface AuditedChange<T> {
  readonly at: number;
  readonly from: T;
  readonly to: T;
}

/** The present value; `changedAt` is null if it was never changed. */
export interface CurrentValue<T> {
  readonly value: T;
  readonly changedAt: number | null;
}

/**
 * Goes back from the present value, change by change, for as long as one leads to the next. Where a change is missing (removed, not
 * recorded yet, or made manually) the time before it is unknown.
 *
 * @param changes in the order of time
 */
export function knownTimeline<T>(
  current: CurrentValue<T>,
  changes: readonly AuditedChange<T>[],
  now: number,
): KnownTimeline<T> {
  const { value, changedAt } = current;
  const last = changes.at(-1);
  const isAudited = (last?.at ?? null) === changedAt && (!last || last.to === value);
  if (!isAudited) {
    // Changed manually at an unknown time, if the instant of the change is that of another value.
    const isByHand = changedAt === null || last?.at === changedAt;
    const knownSinceAt = isByHand ? now : changedAt;
    return { timeline: { first: value, changes: [{ at: knownSinceAt, to: value }] }, knownSinceAt };
  }
  const gap = changes.findLastIndex(({ from }, index) => {
    const before = changes[index - 1];
    return before !== undefined && before.to !== from;
  });
  const linked = gap < 0 ? changes : changes.slice(gap);
  const [earliest] = linked;
  return {
    // The value may be null.
    timeline: { first: earliest ? earliest.from : value, changes: linked.map(changeOf) },
    knownSinceAt: gap < 0 ? null : changes[gap]!.at,
  };
}

/**
 * The same of values that may have been set by hand: while one is invalid nothing is decided, so what held then, and what led to it, is unknown.
 *
 * @param isValid whether the value of a change can be read
 */
export function knownValidTimeline<T>(
  current: CurrentValue<T>,
  changes: readonly AuditedChange<T>[],
  now: number,
  isValid: (value: T) => boolean,
): KnownTimeline<T> {
  const invalid = changes.findLastIndex(({ from }) => !isValid(from));
  const { timeline, knownSinceAt } = knownTimeline(current, changes.slice(invalid + 1), now);
  return { timeline, knownSinceAt: later(knownSinceAt, changes[invalid]?.at ?? null) };
}

function changeOf<T>({ at, to }: AuditedChange<T>): Change<T> {
  return { at, to };
}

/** The later of two instants; null is before all others. */
export function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
