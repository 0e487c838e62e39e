import {
  cloudEvent,
  hostileProperties,
  hostileRoutingKey,
  routingKeyOf,
  shortText,
  type Report,
} from '@backup-awareness/testing/messages';
import fc from 'fast-check';
import { drawsFor } from '../draws.js';
import { domainOf, eventIdOf, logPathOf, type LoadPlan } from './load-plan.js';
import type { MadeAt, PlannedMessage } from './planned-message.js';
import { uniqueReportMessage } from './report-message.js';

const HOSTILE_SHARE = 0.5;
const SHORT_TEXT_BYTES_MAX = 255;

const drawn = fc.record({ properties: hostileProperties, routingKey: hostileRoutingKey });

/**
 * A healthy report, or one with hostile properties, headers and routing key. A hostile one has its number only in the body: a dead
 * letter may lack everything else. Its engine's alerts are not judged, since the report may be stored or not.
 */
export function hostileMessage(plan: LoadPlan, number: number, madeAt: MadeAt): PlannedMessage {
  const draws = drawsFor(plan.seed, `${plan.name} hostile ${number}`);
  if (!draws.chance(HOSTILE_SHARE)) return uniqueReportMessage(plan, number, madeAt);
  const report: Report = {
    scope: draws.oneOf(['db', 'files']),
    done_at: new Date(madeAt[number]!).toISOString(),
    status: 1,
    output_message: '',
    fqdn: `hostile.${domainOf(plan)}`,
    log_path: logPathOf(plan, number),
  };
  const id = eventIdOf(plan, number);
  const seed = draws.integer(-0x80000000, 0x7fffffff);
  const { properties, routingKey } = fc.sample(drawn, { seed, numRuns: 1 })[0]!;
  const isBare = draws.chance(0.5);
  return {
    original: number,
    routingKey: routingKeyOf(report),
    body: Buffer.from(JSON.stringify(isBare ? report : cloudEvent(report, id))),
    options: {},
    wire: { routingKey, properties: isBare ? withOwnId(id, properties) : properties },
    fate: 'either',
  };
}

/** Bare JSON takes its id from `message_id`: two messages that drew the same one would be one report. */
function withOwnId(
  id: string,
  properties: NonNullable<PlannedMessage['wire']>['properties'],
): NonNullable<PlannedMessage['wire']>['properties'] {
  const { messageId } = properties;
  if (!messageId) return properties;
  const own = Buffer.concat([Buffer.from(`${id}/`), messageId.subarray(1)]);
  return { ...properties, messageId: shortText(own.subarray(0, SHORT_TEXT_BYTES_MAX)) };
}
