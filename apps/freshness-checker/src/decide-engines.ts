import { newEventId } from '@backup-awareness/contracts';
import {
  decideEach,
  type Decided,
  type Decision,
  type TickPlan,
} from '@backup-awareness/freshness';
import { Logger } from '@nestjs/common';
import type { EngineRow } from './engine-row.js';

export type DecidedEngine = Decided<EngineRow>;

/** Whether an engine has no alert, but is not certainly fresh. */
export function isUnknown({ reason, state }: Decision): boolean {
  return reason === 'success_in_future' && state.active === null;
}

const log = new Logger('decisions');

/** Decides the engines of a tick, and logs those that cannot be decided. */
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
