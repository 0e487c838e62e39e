import { daysToMs, type EngineToDecide, type Which } from '@backup-awareness/freshness';
import type { Rules } from './rules.js';
import type { ToldEvent } from './telling.js';
import type { Engine, World } from './world.js';

interface Row extends EngineToDecide {
  readonly stored: Engine;
}

/** A tick of the leader as the checker does it, by `rules`. @returns the events of it. */
export function tick(world: World, hasBacklog: boolean, rules: Rules): ToldEvent[] {
  const { now, general, becameLeader, decidedBy } = world;
  const plan = rules.planTick({
    now,
    lastCheckAt: world.checks.at(-1) ?? null,
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
  if (plan.isCheck) {
    world.becameLeader = false;
    world.checks.push(now);
  }
  return decided.flatMap(({ decision }) => decision.events.map(withoutWords));
}

/** The conditions by which the checker reads engines. */
const isToDecide: Record<Which, (engine: Engine) => boolean> = {
  all: (engine) => !engine.retired || isPending(engine),
  pending: isPending,
};

function isPending({ state, version, decidedVersion }: Engine): boolean {
  return state.active !== null || version !== decidedVersion;
}

function row(engine: Engine, world: World, rules: Rules): Row {
  const { fqdn, watchedSinceAt, retired, lastSuccessAt, state, version, decidedVersion } = engine;
  const period = rules.alertPeriodOf(engine.own, world.general);
  return {
    stored: engine,
    state,
    isChanged: version !== decidedVersion,
    facts: {
      fqdn,
      watchedSinceAt,
      retired,
      lastDbSuccessAt: lastSuccessAt['db'] ?? null,
      lastFilesSuccessAt: lastSuccessAt['files'] ?? null,
      alertPeriodMs: daysToMs(period.days),
      alertPeriodChangedAt: period.changedAt,
    },
  };
}

function withoutWords(event: ToldEvent & { message?: string }): ToldEvent {
  const { message: _message, ...told } = event;
  return told;
}
