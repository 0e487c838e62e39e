import {
  cloudEvent,
  eventName,
  routingKeyOf,
  type Report,
} from '@backup-awareness/testing/messages';
import type { Options } from 'amqplib';
import fc from 'fast-check';
import { drawsFor } from '../draws.js';
import { domainOf, eventIdOf, logPathOf, NUMBER_HEADER, type LoadPlan } from './load-plan.js';
import type { MadeAt, PlannedMessage } from './planned-message.js';

const text = fc.string({ unit: 'binary', maxLength: 60 });
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  text,
  fc.integer(),
  fc.constant(undefined),
);
const FIELDS = ['scope', 'done_at', 'status', 'output_message', 'fqdn', 'log_path', 'run_id'];
const ATTRIBUTES = ['specversion', 'id', 'source', 'subject', 'type', 'time', 'data'];

/** What is done to a healthy report before it is sent. */
const mishap = fc.record({
  isCloudEvent: fc.boolean(),
  fields: fc.oneof(
    { weight: 3, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fc.dictionary(fc.constantFrom(...FIELDS), anything, { maxKeys: 2 }) },
    { weight: 1, arbitrary: fc.record({ output_message: text, further: fc.jsonValue() }) },
  ),
  attributes: fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    {
      weight: 1,
      arbitrary: fc.dictionary(fc.constantFrom(...ATTRIBUTES), anything, { maxKeys: 2 }),
    },
  ),
  body: fc.oneof(
    { weight: 6, arbitrary: fc.constant({ kind: 'whole' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat(400) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('bytes' as const),
        bytes: fc.uint8Array({ maxLength: 200 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('json' as const), json: fc.jsonValue() }),
    },
  ),
  contentType: fc.constantFrom(
    undefined,
    'application/json',
    'application/cloudevents+json',
    'text/plain',
  ),
  type: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('ENGINE_BACKUP_FAILED', 'constructor', 'x'.repeat(200)),
    },
  ),
  timestamp: fc.option(fc.maxSafeNat(), { nil: undefined }),
  headers: fc.dictionary(
    fc.string({ minLength: 1, maxLength: 40 }).map((name) => `x-${name}`),
    fc.oneof(text, fc.boolean(), fc.integer()),
    { maxKeys: 4 },
  ),
});
type Mishap = ReturnType<typeof drawMishap>;

function drawMishap(seed: number) {
  return fc.sample(mishap, { seed, numRuns: 1 })[0]!;
}

/**
 * A payload of any shape. Its id or a header always identifies it, so that it can be found among the rows or the dead
 * letters.
 */
export function fuzzedMessage(plan: LoadPlan, number: number, madeAt: MadeAt): PlannedMessage {
  const draws = drawsFor(plan.seed, `${plan.name} fuzz ${number}`);
  const it = drawMishap(draws.integer(-0x80000000, 0x7fffffff));
  const report: Report = {
    scope: draws.oneOf(['db', 'files']),
    done_at: new Date(madeAt[number]!).toISOString(),
    status: draws.oneOf([-1, 0, 1] as const),
    output_message: '',
    fqdn: `engine-${draws.integer(0, 39)}.${domainOf(plan)}`,
    log_path: logPathOf(plan, number),
  };
  const id = eventIdOf(plan, number);
  return {
    original: number,
    routingKey: routingKeyOf(report),
    body: bodyOf(report, id, it),
    options: propertiesOf(report, id, number, it),
    fate: 'either',
  };
}

function bodyOf(report: Report, id: string, it: Mishap): Buffer {
  const data = { ...report, ...it.fields };
  // A different id must still be unique to the message.
  const { id: otherId, ...attributes } = it.attributes as Record<string, unknown>;
  const ownId = typeof otherId === 'string' ? `${id}/${otherId}` : (otherId ?? id);
  const json = it.isCloudEvent
    ? { ...cloudEvent(report, id), data, ...attributes, id: ownId }
    : data;
  if (it.body.kind === 'bytes') return Buffer.from(it.body.bytes);
  if (it.body.kind === 'json') return Buffer.from(JSON.stringify(it.body.json));
  const whole = Buffer.from(JSON.stringify(json));
  return it.body.kind === 'cut' ? whole.subarray(0, it.body.at) : whole;
}

function propertiesOf(report: Report, id: string, number: number, it: Mishap): Options.Publish {
  const given = {
    contentType: it.isCloudEvent ? 'application/cloudevents+json' : it.contentType,
    type: it.type ?? (number % 2 === 0 ? eventName(report) : undefined),
    timestamp: it.timestamp,
  };
  return {
    messageId: id,
    headers: { ...it.headers, [NUMBER_HEADER]: number },
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  };
}
