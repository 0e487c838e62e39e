import type { Change, Monitoring } from '@backup-awareness/freshness';
import type { ToldTimeline } from './told-timeline.js';

/** That an engine was added, resumed or retired, as the audit log has it. */
export interface MonitoringEvent {
  readonly at: number;
  readonly what: 'added' | 'retired';
  /** Of a retirement: since when it had been monitored; null or left out where that is not known. */
  readonly watchedSinceAt?: number | null;
}

/** How an engine's row has it. */
export interface CurrentMonitoring {
  readonly watchedSinceAt: number;
  readonly retiredAt: number | null;
}

export interface ToldMonitoring extends ToldTimeline<Monitoring | null> {
  /** When it was monitored for the first time; null where that cannot be told. */
  readonly beganAt: number | null;
}

/**
 * When an engine was monitored. The row tells its latest time, the events those before. No event tells that a first report has registered
 * an engine: while it is the latest time the row does, and of an earlier one its retirement. Where that does not, it cannot be told before
 * the first report that is kept.
 *
 * @param events in the order of time
 * @param firstReportAt when the first report that is kept was received; null: none is
 */
export function toldMonitoring(
  current: CurrentMonitoring,
  events: readonly MonitoringEvent[],
  firstReportAt: number | null,
): ToldMonitoring {
  const { watchedSinceAt, retiredAt } = current;
  const isByReport = !events.some(({ at, what }) => what === 'added' && at === watchedSinceAt);
  const before = events.filter(({ at }) => at < watchedSinceAt);
  const latest: Change<Monitoring | null>[] = [
    { at: watchedSinceAt, to: { sinceAt: watchedSinceAt, isByReport } },
    ...(retiredAt === null ? [] : [{ at: retiredAt, to: null }]),
  ];
  const [first] = before;
  const changes = [...before.map(changeOf), ...latest];
  if (first?.what !== 'retired') {
    const beganAt = first?.at ?? watchedSinceAt;
    return { timeline: { first: null, changes }, toldSinceAt: null, beganAt };
  }
  const beganAt = first.watchedSinceAt ?? null;
  if (beganAt !== null) {
    const beginning = { at: beganAt, to: { sinceAt: beganAt, isByReport: true } };
    return {
      timeline: { first: null, changes: [beginning, ...changes] },
      toldSinceAt: null,
      beganAt,
    };
  }
  const toldSinceAt = Math.min(firstReportAt ?? first.at, first.at);
  const monitoring = { sinceAt: toldSinceAt, isByReport: true };
  return { timeline: { first: monitoring, changes }, toldSinceAt, beganAt: null };
}

function changeOf({ at, what }: MonitoringEvent): Change<Monitoring | null> {
  return { at, to: what === 'added' ? { sinceAt: at, isByReport: false } : null };
}
