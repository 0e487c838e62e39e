import type { EngineSituation } from '../state/engine-situations.js';
import type { FleetState } from '../state/product-state.js';
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
  readonly sort: EngineOrder;
  /** Of the last engine of the page before; undefined for the first page. */
  readonly after?: Place | undefined;
  readonly limit: number;
}

export interface EnginesPage {
  readonly items: readonly EngineSituation[];
  /** Null on the last page. */
  readonly next: Place | null;
  /** Of all pages. */
  readonly total: number;
}

/** One page of engines. An engine that changes meanwhile may come again or be left out, all others come once. */
export function listEngines({ engines }: FleetState, query: EnginesQuery): EnginesPage {
  const { sort, after, limit } = query;
  const search = query.search?.toLowerCase();
  const chosen = engines
    .filter(
      (engine) =>
        isOfVerdict(engine, query.verdict) &&
        (search === undefined || engine.fqdn.includes(search)),
    )
    .map((engine) => ({ engine, place: placeIn(sort, engine) }));
  const following = chosen
    .filter(({ place }) => after === undefined || comparePlaces(place, after) > 0)
    .toSorted((a, b) => comparePlaces(a.place, b.place));
  const page = following.slice(0, limit);
  return {
    items: page.map(({ engine }) => engine),
    next: following.length > limit ? page.at(-1)!.place : null,
    total: chosen.length,
  };
}

export function isEngineOrder(text: string): text is EngineOrder {
  return ENGINE_ORDERS.some((order) => order === text);
}

function isOfVerdict(engine: EngineSituation, verdict: EnginesQuery['verdict']): boolean {
  if (verdict === 'retired') return engine.retiredAt !== null;
  return engine.retiredAt === null && (verdict === undefined || verdictOf(engine) === verdict);
}

function placeIn(sort: EngineOrder, engine: EngineSituation): Place {
  const { fqdn, lastFullBackupAt } = engine;
  if (sort === 'worst') return placeOf(engine);
  return { group: 0, rank: sort === 'age' ? (lastFullBackupAt ?? -1) : 0, fqdn };
}
