import {
  DAY_MS,
  HOUR_MS,
  isClockInDoubt,
  msToDays,
  NO_ALERT_YET,
  type AlertPeriod,
  type EngineAlertState,
  type OwnAlertPeriod,
} from '@backup-awareness/freshness';
import { countedAt } from './counted-at.js';
import { fqdnOf } from './telling.js';
import type { Happening, Received } from './timeline.js';

/** An engine as in the tables. */
export interface Engine {
  readonly fqdn: string;
  watchedSinceAt: number;
  retired: boolean;
  own: OwnAlertPeriod;
  version: number;
  decidedVersion: number;
  /** When each success counts, by scope; without discounted ones. */
  successesAt: Record<string, number[]>;
  state: EngineAlertState;
}

/** What database and leader keep between two steps. */
export interface World {
  /** The database's clock. */
  clockAt: number;
  /** The latest `now` of any decision. */
  latestAt: number | null;
  lastCheckAt: number | null;
  /** By name. */
  engines: Engine[];
  /** The ids of stored reports, by engine. */
  stored: Map<number, Set<string>>;
  checkPeriodMs: number;
  featureEnabled: boolean;
  general: AlertPeriod;
  checks: number[];
  nextCheckAt: number | null;
  alertCount: number;
  becameLeader: boolean;
  decidedBy: string | undefined;
}

export function newWorld(): World {
  return {
    clockAt: 0,
    latestAt: null,
    lastCheckAt: null,
    engines: [],
    stored: new Map(),
    checkPeriodMs: 6 * HOUR_MS,
    featureEnabled: true,
    general: { days: msToDays(DAY_MS), changedAt: null },
    checks: [],
    nextCheckAt: null,
    alertCount: 0,
    becameLeader: true,
    decidedBy: undefined,
  };
}

/** Does what ingest and administration do in a step; a tick is the leader's. */
export function applyStep(world: World, { step, at, received }: Happening): void {
  world.clockAt = at;
  for (const report of received) store(world, report);
  switch (step.what) {
    case 'new leader':
      world.becameLeader = true;
      world.decidedBy = undefined;
      break;
    case 'feature off':
    case 'feature on':
      world.featureEnabled = step.what === 'feature on';
      break;
    case 'check period':
      world.checkPeriodMs = step.ms;
      break;
    case 'alert period':
      if (msToDays(step.ms) !== world.general.days)
        world.general = { days: msToDays(step.ms), changedAt: at };
      break;
    case 'own alert period': {
      const engine = engineOf(world, step.engine);
      if (engine && setOwnPeriod(engine, step.ms, at)) engine.version++;
      break;
    }
    case 'added':
      add(world, step.engine, step.ms);
      break;
    case 'retired': {
      const engine = engineOf(world, step.engine);
      if (engine && !engine.retired) Object.assign(engine, retirement(engine));
      break;
    }
    case 'forgotten':
      world.stored.delete(step.engine);
      Object.assign(engineOf(world, step.engine) ?? {}, { successesAt: {} });
      break;
    case 'clock accepted':
      acceptClock(world);
  }
}

function retirement({ version }: Engine): Partial<Engine> {
  return { retired: true, version: version + 1 };
}

function engineOf(world: World, engine: number): Engine | undefined {
  return world.engines.find(({ fqdn }) => fqdn === fqdnOf(engine));
}

function register(world: World, number: number): Engine {
  const known = engineOf(world, number);
  if (known) return known;
  const engine: Engine = {
    fqdn: fqdnOf(number),
    watchedSinceAt: world.clockAt,
    retired: false,
    own: { days: null, changedAt: null },
    version: 0,
    decidedVersion: 0,
    successesAt: {},
    state: NO_ALERT_YET,
  };
  world.engines.push(engine);
  world.engines.sort((a, b) => (a.fqdn < b.fqdn ? -1 : 1));
  return engine;
}

export function lastSuccessAt({ successesAt }: Engine, scope: string): number | null {
  const all = successesAt[scope] ?? [];
  return all.length === 0 ? null : Math.max(...all);
}

/** Like `clock accept`. */
function acceptClock(world: World): void {
  const { clockAt, latestAt, engines } = world;
  const all = engines.flatMap(({ successesAt }) => Object.values(successesAt).flat());
  const newestAt = all.length === 0 ? null : Math.max(...all);
  if (!isClockInDoubt(clockAt, latestAt, newestAt)) return;
  world.latestAt = Math.min(latestAt ?? clockAt, clockAt);
  world.lastCheckAt = null;
  for (const engine of engines) {
    for (const [scope, at] of Object.entries(engine.successesAt))
      engine.successesAt[scope] = at.filter((one) => one <= clockAt);
    const { active } = engine.state;
    if (active?.lastFullBackupAt == null || active.lastFullBackupAt <= clockAt) continue;
    const db = lastSuccessAt(engine, 'db');
    const files = lastSuccessAt(engine, 'files');
    const lastFullBackupAt = db === null || files === null ? null : Math.min(db, files);
    engine.state = { ...engine.state, active: { ...active, lastFullBackupAt } };
  }
}

/** Like ingest: stores the first report of each key, and registers a new engine. */
function store(world: World, report: Received): void {
  const ids = world.stored.get(report.engine) ?? new Set();
  world.stored.set(report.engine, ids);
  if (ids.has(report.id)) return;
  ids.add(report.id);
  const { successesAt } = register(world, report.engine);
  if (report.status !== 1) return;
  (successesAt[report.scope] ??= []).push(countedAt(report));
}

function add(world: World, number: number, ms: number | null): void {
  const isNew = engineOf(world, number) === undefined;
  const engine = register(world, number);
  engine.version++;
  if (!isNew && !engine.retired) return;
  engine.retired = false;
  engine.watchedSinceAt = world.clockAt;
  if (ms !== null) setOwnPeriod(engine, ms, world.clockAt);
}

/** @returns whether it changed */
function setOwnPeriod(engine: Engine, ms: number | null, at: number): boolean {
  const days = ms === null ? null : msToDays(ms);
  if (days === engine.own.days) return false;
  engine.own = { days, changedAt: at };
  return true;
}
