import { MALFORMED_KINDS } from '@backup-awareness/testing/messages';
import { drawsFor } from '../draws.js';
import { NUMBER_HEADER, type LoadPlan } from './load-plan.js';
import type { MadeAt, PlannedMessage } from './planned-message.js';
import { uniqueReportMessage } from './report-message.js';

/** Exactly one of as many messages in a row is malformed. */
export const POISON_EVERY = 100;

/** A healthy report that is not a copy, or a malformed message. */
export function poisonedMessage(plan: LoadPlan, number: number, madeAt: MadeAt): PlannedMessage {
  const block = Math.floor(number / POISON_EVERY);
  const draws = drawsFor(plan.seed, `${plan.name} poison ${block}`);
  const isPoison = number % POISON_EVERY === draws.integer(0, POISON_EVERY - 1);
  if (!isPoison) return uniqueReportMessage(plan, number, madeAt);
  const kind = draws.oneOf(MALFORMED_KINDS);
  return {
    original: number,
    routingKey: kind.routingKey,
    body: kind.body,
    options: { ...kind.options, headers: { ...kind.options.headers, [NUMBER_HEADER]: number } },
    fate: 'dead letter',
    errorPath: kind.path,
  };
}
