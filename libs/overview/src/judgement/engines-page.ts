import type { FleetEngine } from '../state/engine-situations.js';
import type { FleetState } from '../state/product-state.js';
import { shareOf } from './fleet-overview.js';
import { verdictOf } from './fleet.js';
import { comparePlaces, placeOf, type Place } from './worst-first.js';

/** The order of a list of engines: as they need somebody, by name, or the oldest full backup first. */
export const ENGINE_ORDERS = ['worst', 'fqdn', 'age'] as const;
export type EngineOrder = (typeof ENGINE_ORDERS)[number];

export interface EnginesQuery {
  /** A part of the name, in any case. */
  readonly search?: string | undefined;
  /** Retired engines are listed only if they are asked for. */
  readonly verdict?: 'fresh' | 'too_old' | 'no_full_backup' | 'unknown' | 'retired' | undefined;
  /** Only engines whose last full backup has at least this age as a share of what is allowed: 1 is the limit. */
  readonly shareFrom?: number | undefined;
  /** Only those that have less. */
  readonly shareBelow?: number | undefined;
  readonly sort: EngineOrder;
  /** Of the last engine of the page before; undefined for the first page. */
  readonly after?: Place | undefined;
  readonly limit: number;
}

export interface EnginesPage {
  readonly items: readonly FleetEngine[];
  /** Null on the last page. */
  readonly next: Place | null;
  /** Of all pages. */
  readonly total: number;
}

/** One page of engines. An engine that changes meanwhile may come again or be left out, all others come once. */
export function listEngines(fleet: FleetState, query: EnginesQuery): EnginesPage {
  const { after, limit } = query;
  const all = sortedEngines(fleet, query);
  const first =
    after === undefined ? 0 : all.findIndex(({ place }) => comparePlaces(place, after) > 0);
  const from = first === -1 ? all.length : first;
  const page = all.slice(from, from + limit);
  return {
    items: page.map(({ engine }) => engine),
    next: from + limit < all.length ? page.at(-1)!.place : null,
    total: all.length,
  };
}

interface PlacedEngine {
  readonly engine: FleetEngine;
  readonly place: Place;
}

/** The last list of each fleet: those who share a fleet mostly ask for the same one, and sorting takes longer than all else. */
const lists = new WeakMap<FleetState, { key: string; engines: readonly PlacedEngine[] }>();

function sortedEngines(
  fleet: FleetState,
  { after: _after, limit: _limit, ...selection }: EnginesQuery,
): readonly PlacedEngine[] {
  const { sort, search, verdict } = selection;
  const key = JSON.stringify(selection);
  const last = lists.get(fleet);
  if (last?.key === key) return last.engines;
  const part = search?.toLowerCase();
  const engines = fleet.engines
    .filter(
      (engine) =>
        isOfVerdict(engine, verdict) &&
        isOfShare(engine, selection) &&
        (part === undefined || engine.fqdn.includes(part)),
    )
    .map((engine) => ({ engine, place: placeIn(sort, engine) }))
    .toSorted((a, b) => comparePlaces(a.place, b.place));
  lists.set(fleet, { key, engines });
  return engines;
}

export function isEngineOrder(text: string): text is EngineOrder {
  return ENGINE_ORDERS.some((order) => order === text);
}

function isOfVerdict(engine: FleetEngine, verdict: EnginesQuery['verdict']): boolean {
  if (verdict === 'retired') return engine.retiredAt !== null;
  return engine.retiredAt === null && (verdict === undefined || verdictOf(engine) === verdict);
}

function isOfShare(
  engine: FleetEngine,
  { shareFrom, shareBelow }: Pick<EnginesQuery, 'shareFrom' | 'shareBelow'>,
): boolean {
  if (shareFrom === undefined && shareBelow === undefined) return true;
  const share = shareOf(engine);
  return share !== null && share >= (shareFrom ?? 0) && share < (shareBelow ?? Infinity);
}

function placeIn(sort: EngineOrder, engine: FleetEngine): Place {
  const { fqdn, lastFullBackupAt } = engine;
  if (sort === 'worst') return placeOf(engine);
  return { group: 0, rank: sort === 'age' ? (lastFullBackupAt ?? -1) : 0, fqdn };
}
