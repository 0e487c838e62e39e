import { fuzzedMessage } from './fuzzed-message.js';
import { hostileMessage } from './hostile-message.js';
import type { LoadPlan } from './load-plan.js';
import type { MadeAt, PlannedMessage } from './planned-message.js';
import { poisonedMessage } from './poisoned-message.js';
import { reportMessage } from './report-message.js';

/** The message with this number: always the same for the same times. */
export function plannedMessage(plan: LoadPlan, number: number, madeAt: MadeAt): PlannedMessage {
  const messageOf = {
    reports: reportMessage,
    poison: poisonedMessage,
    fuzz: fuzzedMessage,
    hostile: hostileMessage,
  };
  return messageOf[plan.kind](plan, number, madeAt);
}
