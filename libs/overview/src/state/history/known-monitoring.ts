import type { Change, Monitoring } from '@backup-awareness/freshness';
import type { KnownTimeline } from './known-timeline.js';

/** An engine was added, resumed or retired, according to the audit log. */
export interface MonitoringEvent {
  readonly at: number;
  readonly what: 'added' | 'retired';
  /** Of a retirement: since when it had been monitored; null or omitted where that is unknown. */
  readonly watchedSinceAt?: number | null;
}

/** According to the engine's row. */
export interface CurrentMonitoring {
  readonly watchedSinceAt: number;
  readonly retiredAt: number | null;
}

export interface KnownMonitoring extends KnownTimeline<Monitoring | null> {
  /** When it was monitored for the first time; null where that is unknown. */
  readonly beganAt: number | null;
}

/**
 * When an engine was monitored. Its row has the latest time, the events have those before. No event is made when a first report registers
 * an engine: the row has the instant while that time is the latest one, and later the event of its retirement. Where that event does not
 * have it, monitoring is unknown before the first report that is kept.
 *
 * @param events in the order of time
 * @param firstReportAt when the first report that is kept was received; null: none is
 */
export function knownMonitoring(
  current: CurrentMonitoring,
  events: readonly MonitoringEvent[],
  firstReportAt: number | null,
): KnownMonitoring {
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
    return { timeline: { first: null, changes }, knownSinceAt: null, beganAt };
  }
  const beganAt = first.watchedSinceAt ?? null;
  if (beganAt !== null) {
    const beginning = { at: beganAt, to: { sinceAt: beganAt, isByReport: true } };
    return {
      timeline: { first: null, changes: [beginning, ...changes] },
      knownSinceAt: null,
      beganAt,
    };
  }
  const knownSinceAt = Math.min(firstReportAt ?? first.at, first.at);
  const monitoring = { sinceAt: knownSinceAt, isByReport: true };
  return { timeline: { first: monitoring, changes }, knownSinceAt, beganAt: null };
}

function changeOf({ at, what }: MonitoringEvent): Change<Monitoring | null> {
  return { at, to: what === 'added' ? { sinceAt: at, isByReport: false } : null };
}
