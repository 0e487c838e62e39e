import { daysToMs } from '../duration.js';
import type { KnownSuccess } from './engine-history.js';
import type { Timeline } from './timeline.js';

/**
 * What came before this instant may have been removed; null: nothing was.
 *
 * @param retentionDays how many days were kept; null: all
 */
export function removedBefore(
  { first, changes }: Timeline<number | null>,
  now: number,
): number | null {
  const values = [first, ...changes.map(({ to }) => to)];
  const ends = [...changes.map(({ at }) => at), now];
  const bounds = values.flatMap((days, index) =>
    days === null ? [] : [ends[index]! - daysToMs(days)],
  );
  return bounds.length === 0 ? null : Math.max(...bounds);
}

/**
 * Since when the last success of each scope is known, where reports received before `removedAt` may have been removed. No removed report
 * counts later than `removedAt`, nor later than the last success that is kept. So the last success is known since the first success
 * that counts later, or since the last one.
 *
 * @param successes those that are kept, in the order of receipt; where those older than an instant are left out, the answer is since
 * when it is certain whether the last success is younger than that
 */
export function successesKnownSince(successes: readonly KnownSuccess[], removedAt: number): number {
  const knownSince = (['db', 'files'] as const).map((scope) => {
    const ofScope = successes.filter((one) => one.scope === scope);
    const last = ofScope.reduce<KnownSuccess | undefined>(
      (latest, one) => (latest && latest.countedAt >= one.countedAt ? latest : one),
      undefined,
    );
    if (last === undefined || last.receivedAt < removedAt) return removedAt;
    const surpassing = ofScope.find(({ countedAt }) => countedAt >= removedAt);
    return (surpassing ?? last).receivedAt;
  });
  return Math.max(...knownSince);
}
