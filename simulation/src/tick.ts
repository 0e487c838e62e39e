import {
  daysToMs,
  type DecisionReason,
  type EngineToDecide,
  type Which,
} from '@backup-awareness/freshness';
import type { Rules } from './rules.js';
import type { ToldEvent } from './telling.js';
import { lastSuccessAt, type Engine, type World } from './world.js';

interface Row extends EngineToDecide {
  readonly stored: Engine;
}

export interface Ticked {
  readonly events: ToldEvent[];
  /** The engines that it called fresh. */
  readonly fresh: string[];
}

const FRESH: readonly DecisionReason[] = ['fresh', 'full_backup', 'period_extended'];

/** A tick of the leader as in the checker, by `rules`. */
export function tick(world: World, hasBacklog: boolean, rules: Rules): Ticked {
  const time = rules.decidingTime(world.clockAt, world.latestAt);
  if (!time.isKnown) return { events: [], fresh: [] };
  const { now } = time;
  world.latestAt = Math.max(world.latestAt ?? now, now);
  const { general, becameLeader, decidedBy } = world;
  const plan = rules.planTick({
    now,
    lastCheckAt: world.lastCheckAt,
    checkPeriodMs: world.featureEnabled ? world.checkPeriodMs : null,
    general,
    becameLeader,
    mayCheck: !becameLeader || !hasBacklog,
    decidedBy,
  });
  const rows = world.engines
    .filter(isToDecide[plan.which])
    .map((engine) => row(engine, world, rules));
  const newAlertId = (): string => `alert-${++world.alertCount}`;
  const { decided, undecidable } = rules.decideEach(rows, { ...plan, now, newAlertId });
  if (undecidable[0]) throw undecidable[0].error;
  for (const { engine, decision } of decided) {
    engine.stored.state = decision.state;
    engine.stored.decidedVersion = engine.stored.version;
  }
  world.decidedBy = plan.decidedBy;
  world.nextCheckAt = plan.nextCheckAt;
  if (plan.checkReason !== null) {
    world.becameLeader = false;
    world.lastCheckAt = now;
    world.checks.push(now);
  }
  return {
    events: decided.flatMap(({ decision }) => decision.events.map(withoutWords)),
    fresh: decided
      .filter(({ decision }) => FRESH.includes(decision.reason))
      .map(({ engine }) => engine.facts.fqdn),
  };
}

/** Which engines the checker reads. */
const isToDecide: Record<Which, (engine: Engine) => boolean> = {
  all: (engine) => !engine.retired || isPending(engine),
  pending: isPending,
};

function isPending({ state, version, decidedVersion }: Engine): boolean {
  return state.active !== null || version !== decidedVersion;
}

function row(engine: Engine, world: World, rules: Rules): Row {
  const { fqdn, watchedSinceAt, retired, state, version, decidedVersion } = engine;
  const period = rules.alertPeriodOf(engine.own, world.general);
  return {
    stored: engine,
    state,
    isChanged: version !== decidedVersion,
    facts: {
      fqdn,
      watchedSinceAt,
      retired,
      lastDbSuccessAt: lastSuccessAt(engine, 'db'),
      lastFilesSuccessAt: lastSuccessAt(engine, 'files'),
      alertPeriodMs: daysToMs(period.days),
      alertPeriodChangedAt: period.changedAt,
    },
  };
}

function withoutWords(event: ToldEvent & { message?: string }): ToldEvent {
  const { message: _message, ...told } = event;
  return told;
}
