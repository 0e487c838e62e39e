import { newEventId } from '@backup-awareness/contracts';
import { decideEach, type Decided, type TickPlan } from '@backup-awareness/freshness';
import { Logger } from '@nestjs/common';
import type { EngineRow } from './engine-row.js';

export type DecidedEngine = Decided<EngineRow>;

const log = new Logger('decisions');

/** Decides the engines of a tick, and logs those that cannot be. */
export function decideEngines(
  engines: readonly EngineRow[],
  now: number,
  plan: TickPlan,
): DecidedEngine[] {
  const { decided, undecidable } = decideEach(engines, { ...plan, now, newAlertId: newEventId });
  for (const { engine, error } of undecidable)
    log.error(`${engine.facts.fqdn} cannot be decided: ${error.message}`);
  return decided;
}
