import { newEventId } from '@backup-awareness/contracts';
import {
  decideEach,
  type AlertEvent,
  type Decided,
  type Decision,
  type TickCircumstances,
} from '@backup-awareness/freshness';
import { Logger } from '@nestjs/common';
import type { EngineRow } from './engine-row.js';

export type DecidedEngine = Decided<EngineRow>;

/** Whether an engine has no alert, but is not certainly fresh. */
export function isUnknown({ reason, state }: Decision): boolean {
  return reason === 'success_in_future' && state.active === null;
}

/** All events of an engine's decisions, in the order of their sequence. */
export function eventsOf({ decision, runs }: DecidedEngine): AlertEvent[] {
  return [
    ...decision.events,
    ...runs.flatMap(({ decision: { event } }) => (event === null ? [] : [event])),
  ];
}

const log = new Logger('decisions');

/** Decides the engines of a tick, and logs those that cannot be decided. */
export function decideEngines(
  engines: readonly EngineRow[],
  circumstances: Omit<TickCircumstances, 'newAlertId'>,
): DecidedEngine[] {
  const { decided, undecidable } = decideEach(engines, {
    ...circumstances,
    newAlertId: newEventId,
  });
  for (const { engine, error } of undecidable)
    log.error(`${engine.facts.fqdn} cannot be decided: ${error.message}`);
  return decided;
}
