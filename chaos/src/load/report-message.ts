import { createHash } from 'node:crypto';
import {
  cloudEvent,
  eventName,
  routingKeyOf,
  type Report,
} from '@backup-awareness/testing/messages';
import { drawsFor, type Draws } from '../draws.js';
import { drawEngine, maySucceed } from './engines.js';
import { eventIdOf, logPathOf, NUMBER_HEADER, type LoadPlan } from './load-plan.js';
import type { MadeAt, PlannedMessage } from './planned-message.js';

const OTHER_SCOPES = ['dwhdb', 'reportsdb', 'cinderlib', 'keycloak', 'grafanadb', 'managedblock'];
const COPIES = 0.04;
/** A copy comes at most as many messages after its original. */
const COPY_DISTANCE_MAX = 400;

/** A healthy report, or a copy of an earlier one, as a host sends it that has not received the confirmation. */
export function reportMessage(plan: LoadPlan, number: number, madeAt: MadeAt): PlannedMessage {
  return uniqueReportMessage(plan, originalOf(plan, number), madeAt);
}

/** The healthy report with this number, which is not a copy. */
export function uniqueReportMessage(
  plan: LoadPlan,
  original: number,
  madeAt: MadeAt,
): PlannedMessage {
  const draws = drawsFor(plan.seed, `${plan.name} report ${original}`);
  const report = drawReport(plan, original, madeAt[original]!, draws);
  const form = draws.oneOf(['CloudEvent', 'bare', 'bare', 'bare without id'] as const);
  const id = eventIdOf(plan, original);
  const body = Buffer.from(JSON.stringify(form === 'CloudEvent' ? cloudEvent(report, id) : report));
  return {
    original,
    routingKey: routingKeyOf(report),
    body,
    options: {
      headers: { [NUMBER_HEADER]: original },
      ...(form === 'bare without id' ? {} : { messageId: id, type: eventName(report) }),
      ...(form === 'CloudEvent' ? { contentType: 'application/cloudevents+json' } : {}),
    },
    fate: 'stored',
    row: { report, eventId: form === 'bare without id' ? contentId(report, body) : id },
  };
}

/** The message of which this one is a copy: mostly itself. */
function originalOf(plan: LoadPlan, number: number): number {
  const draws = drawsFor(plan.seed, `${plan.name} copy ${number}`);
  const distance = draws.integer(1, COPY_DISTANCE_MAX);
  const isCopy = draws.chance(COPIES) && distance <= number;
  return isCopy ? originalOf(plan, number - distance) : number;
}

function drawReport(plan: LoadPlan, number: number, atMs: number, draws: Draws): Report {
  const engine = drawEngine(plan, draws);
  const scope = draws.chance(0.75) ? draws.oneOf(['db', 'files']) : draws.oneOf(OTHER_SCOPES);
  const wanted = draws.oneOf([1, 1, 1, 0, -1] as const);
  const status = wanted === 1 && !maySucceed(plan, engine, scope, atMs) ? -1 : wanted;
  return {
    scope,
    done_at: new Date(atMs).toISOString(),
    status,
    output_message: `number ${number}`,
    fqdn: engine.fqdn,
    log_path: logPathOf(plan, number),
  };
}

/** The id of bare JSON that has none (contract: SHA-256 of name and raw bytes). */
function contentId(report: Report, body: Buffer): string {
  return createHash('sha256').update(eventName(report)).update(body).digest('hex');
}
