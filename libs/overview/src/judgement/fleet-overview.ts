import type { FleetEngine } from '../state/engine-situations.js';
import type { FleetState } from '../state/product-state.js';
import { finding, type Fact, type Finding } from './findings.js';
import { fleetFigures } from './fleet.js';
import { PROOF_LASTS_MS, unprovenStages, type UnprovenStage } from './judge-heartbeat.js';
import type { Reachability } from '../surroundings/broker.js';
import {
  brokerFindings,
  checkFindings,
  destinationFindings,
  outboxFindings,
  restoredFindings,
} from './judge-product.js';
import { placeOf, comparePlaces, standingOf, type Place, type Standing } from './worst-first.js';

/** A stage of the path of events has not proven itself for two minutes; without an instant it never has. */
export type StageUnproven = Fact<
  'stage_unproven',
  Pick<UnprovenStage, 'stage'>,
  { readonly provenAt?: number }
>;

/** How all engines stand. Instants are whole milliseconds since 1970. */
export interface FleetOverview {
  readonly now: number;
  /** Why the verdicts are not to be trusted; none: they are. */
  readonly doubts: readonly (Finding | StageUnproven)[];
  /** What may keep reports, events and notifications from arriving. The verdicts are true of what is stored. */
  readonly warnings: readonly (Finding | StageUnproven)[];
  readonly counts: {
    readonly watched: number;
    readonly fresh: number;
    readonly too_old: number;
    readonly no_full_backup: number;
    readonly unknown: number;
    /** Fresh engines with a run that does not end. */
    readonly stuck: number;
    /** Active alerts that are dismissed. */
    readonly dismissed: number;
  };
  /** Monitored engines, the worst first. */
  readonly worst: readonly FleetEngine[];
  /** Fresh engines, the next to turn too old first. */
  readonly next: readonly FleetEngine[];
  /** Ages as a share of what is allowed: 1 is the limit. The last bar has no end. */
  readonly ageHistogram: readonly {
    readonly from: number;
    readonly to: number | null;
    readonly count: number;
  }[];
  readonly lastCheckAt: number | null;
  readonly nextCheckAt: number | null;
}

const SHOWN = 10;
const BARS = 20;
const BARS_PER_PERIOD = 10;

/** @param broker whether it can be reached now; undefined if that is not looked at */
export function judgeFleet(fleet: FleetState, broker?: Reachability): FleetOverview {
  const { now, lastCheck } = fleet;
  const watched = fleet.engines.filter(({ retiredAt }) => retiredAt === null);
  const { engines: verdicts, nextCheckAt } = fleetFigures(fleet);
  const placed = watched.map((engine) => ({ engine, place: placeOf(engine) }));
  const fresh = placed.filter(({ engine }) => engine.freshness?.verdict === 'fresh');
  return {
    now,
    doubts: [
      ...doubtsAbout(fleet),
      ...brokerFindings(broker),
      ...stagesUnproven(fleet).filter(isNoLongerJudged),
    ],
    warnings: warningsOf(fleet),
    counts: {
      watched: watched.length,
      ...verdicts,
      stuck: fresh.filter(({ engine }) => standingOf(engine) === 'stuck').length,
      dismissed: fleet.activeAlerts.filter(({ dismissedAt }) => dismissedAt !== null).length,
    },
    worst: firstOf(placed, comparePlaced).map(({ engine }) => engine),
    next: firstOf(
      fresh,
      (a, b) => turnsTooOldAt(a.engine)! - turnsTooOldAt(b.engine)! || comparePlaced(a, b),
    ).map(({ engine }) => engine),
    ageHistogram: histogram(watched),
    lastCheckAt: lastCheck?.at ?? null,
    nextCheckAt,
  };
}

interface Placed {
  readonly engine: FleetEngine;
  readonly place: Place;
}

function comparePlaced(a: Placed, b: Placed): number {
  return comparePlaces(a.place, b.place);
}

/** The first of all, in order: sorting ten thousand for the sake of ten takes several times as long. */
function firstOf<T>(all: readonly T[], compare: (a: T, b: T) => number): T[] {
  const first: T[] = [];
  for (const one of all) {
    if (first.length === SHOWN && compare(one, first[SHOWN - 1]!) >= 0) continue;
    const place = first.findIndex((other) => compare(one, other) < 0);
    first.splice(place === -1 ? first.length : place, 0, one);
    if (first.length > SHOWN) first.pop();
  }
  return first;
}

/** One engine among very many: no more than a picture of all needs. */
export interface WallCell {
  readonly fqdn: string;
  readonly standing: Standing;
  /** The age of its last full backup as a share of what is allowed: 1 is the limit. Null without a full backup, or if its age is unknown. */
  readonly share: number | null;
}

/** All monitored engines, the worst first. */
export function wallOf({ engines }: FleetState): WallCell[] {
  return engines
    .filter(({ retiredAt }) => retiredAt === null)
    .map((engine) => ({ engine, place: placeOf(engine) }))
    .toSorted((a, b) => comparePlaces(a.place, b.place))
    .map(({ engine }) => ({
      fqdn: engine.fqdn,
      standing: standingOf(engine),
      share: shareOf(engine),
    }));
}

/** The limit of a fresh engine: its last full backup is too old from the next millisecond on. Null if it is not fresh. */
export function turnsTooOldAt({ facts, freshness }: FleetEngine): number | null {
  return facts && freshness?.verdict === 'fresh'
    ? freshness.lastFullBackupAt + facts.alertPeriodMs
    : null;
}

function doubtsAbout({ time, settings, now, lastCheck }: FleetState): Finding[] {
  const { checkPeriodHours = undefined } = settings.ok ? settings.value : {};
  return [
    ...(time.isKnown
      ? []
      : [finding('clock_behind', {}, { clockAt: time.clockAt, latestAt: time.latestAt })]),
    ...(checkPeriodHours === null ? [finding('disabled', {}, {})] : []),
    ...checkFindings({ settings, now, lastCheck, time }),
  ];
}

function warningsOf(fleet: FleetState): FleetOverview['warnings'] {
  const { outbox, restored, now, destinations = [] } = fleet;
  return [
    ...stagesUnproven(fleet).filter((stage) => !isNoLongerJudged(stage)),
    ...outboxFindings({ outbox, now }),
    ...destinationFindings({ destinations, now }),
    ...restoredFindings({ restored, now }),
  ];
}

function stagesUnproven({ provenAt, now, engines }: FleetState): StageUnproven[] {
  // Where everything is new, nothing can have been proven yet.
  const isNew = engines.every(({ watchedSinceAt }) => now - watchedSinceAt <= PROOF_LASTS_MS);
  return (provenAt ? unprovenStages({ provenAt, now }) : [])
    .filter(({ provenAt: at }) => at !== null || !isNew)
    .map(({ stage, provenAt: at }) => ({
      kind: 'stage_unproven',
      parameters: { stage },
      instants: at === null ? {} : { provenAt: at },
    }));
}

/**
 * Whether reports are no longer stored, or engines no longer checked, though they were: what is shown is not kept up to date. Beyond these
 * two stages what is stored is true, but others may not learn of it.
 */
function isNoLongerJudged({ parameters: { stage }, instants }: StageUnproven): boolean {
  return (stage === 'decision' || stage === 'ingest') && instants.provenAt !== undefined;
}

function histogram(engines: readonly FleetEngine[]): FleetOverview['ageHistogram'] {
  const counts = new Array<number>(BARS).fill(0);
  for (const engine of engines) {
    const share = shareOf(engine);
    if (share === null) continue;
    const bar = Math.floor(share * BARS_PER_PERIOD);
    counts[Math.min(bar, BARS - 1)]!++;
  }
  return counts.map((count, bar) => ({
    from: bar / BARS_PER_PERIOD,
    to: bar === BARS - 1 ? null : (bar + 1) / BARS_PER_PERIOD,
    count,
  }));
}

/** The age of the last full backup as a share of what is allowed: 1 is the limit. Null without one, or if its age is unknown. */
export function shareOf({ facts, freshness }: FleetEngine): number | null {
  return facts && freshness && 'ageMs' in freshness ? freshness.ageMs / facts.alertPeriodMs : null;
}
