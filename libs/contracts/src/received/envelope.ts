import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  agreeWithHeaders,
  readCloudEventHeaders,
  type CloudEventAttributes,
} from './cloud-event-attributes.js';
import { CLOUD_EVENT_CONTENT_TYPE, ENGINE_SOURCE_PREFIX, TYPE_PREFIX } from '../events/event.js';
import { errorText } from '../wording/error-text.js';
import { ID_EXPECTED, idField, instantField, isId, isKeyText } from '../values/fields.js';
import { FQDN_CHARACTERS_MAX } from '../values/fqdn.js';
import { UNREADABLE_HEADERS, type ReceivedMessage } from './received-message.js';
import { findRepeatedKey } from './repeated-key.js';
import { accept, describe, refuse, type Result } from '../values/result.js';
import { isStorableText } from '../values/text.js';
import { parseTraceparent } from '../values/traceparent.js';
import { MAX_MESSAGE_BYTES } from '../topology/topology.js';
import { validate } from '../values/validate.js';

/** What a message says about itself, be it a CloudEvent or bare JSON; its data is not validated yet. */
export interface Envelope {
  readonly name: string;
  readonly id: string;
  /** Null in bare JSON. */
  readonly source: string | null;
  readonly subject: string | null;
  /** RFC 3339 in UTC; null if the message does not say. */
  readonly time: string | null;
  /** Valid, or null. */
  readonly traceparent: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

const NAME_EXPECTED = 'the name of an event, 1 to 100 characters';
const nameField = z
  .string({ error: NAME_EXPECTED })
  .min(1, { error: NAME_EXPECTED })
  .max(100, { error: NAME_EXPECTED })
  .refine(isStorableText, { error: NAME_EXPECTED });

/** An engine's source with the longest host name. Source and id together are a key, whose length an index limits. */
const SOURCE_CHARACTERS_MAX = ENGINE_SOURCE_PREFIX.length + FQDN_CHARACTERS_MAX;
const SOURCE_EXPECTED = `a URI reference of 1 to ${SOURCE_CHARACTERS_MAX} characters, as /ovirt/engines/engine.example.com`;

const cloudEvent = z.object({
  specversion: z.literal('1.0', { error: '"1.0"' }),
  id: idField,
  source: z
    .string({ error: SOURCE_EXPECTED })
    .refine((text) => isKeyText(text, SOURCE_CHARACTERS_MAX), { error: SOURCE_EXPECTED }),
  type: z.string({ error: `"${TYPE_PREFIX}" and the event's name` }),
  subject: z
    .string({ error: 'text, or no subject' })
    .refine(isStorableText, { error: 'text with no NUL' })
    .nullish(),
  time: instantField.nullish(),
});

/**
 * Reads a message's envelope: a CloudEvent, structured (by its content type, or its `specversion`) or binary (by headers that hold its
 * attributes), or bare JSON.
 *
 * A message from the default exchange is neither: that exchange reaches every queue, past all permissions to publish.
 *
 * The event's name is the CloudEvent's `type`; in bare JSON the AMQP `type`, or else the routing key's first word.
 * The id of bare JSON is its `message_id`, or else the SHA-256 of name and bytes: the same bytes sent twice are one event.
 */
export function readEnvelope(message: ReceivedMessage): Result<Envelope> {
  if (message.exchange === '')
    return refuse(
      'exchange',
      'a message published to an exchange of reports or events',
      'one published through the default exchange, straight to the queue',
    );
  if (Object.hasOwn(message.headers, UNREADABLE_HEADERS))
    return refuse(
      'properties.headers',
      'headers that can be read',
      String(message.headers[UNREADABLE_HEADERS]),
    );
  const json = readJsonObject(message.body);
  if (!json.ok) return json;
  const contentType = message.contentType?.split(';')[0]?.trim().toLowerCase();
  const isStructured =
    contentType === CLOUD_EVENT_CONTENT_TYPE || Object.hasOwn(json.value, 'specversion');
  const inHeaders = readCloudEventHeaders(message.headers);
  if (!inHeaders.ok) return inHeaders;
  const attributes = inHeaders.value;
  const envelope = isStructured
    ? readStructured(json.value, attributes)
    : attributes === undefined
      ? readBareJson(message, json.value)
      : readBinary(json.value, attributes);
  return envelope.ok ? agreeOnName(message, envelope.value) : envelope;
}

function readStructured(
  json: Record<string, unknown>,
  inHeaders: CloudEventAttributes | undefined,
): Result<Envelope> {
  const agreed = agreeWithHeaders(inHeaders ?? {}, json);
  return agreed.ok ? readCloudEvent(json, json.data) : agreed;
}

function readBinary(data: unknown, attributes: CloudEventAttributes): Result<Envelope> {
  const envelope = readCloudEvent(attributes, data);
  if (envelope.ok) return envelope;
  const { path, expected, got } = envelope.invalid;
  return refuse(`properties.headers.cloudEvents:${path}`, expected, got);
}

function readCloudEvent(attributes: CloudEventAttributes, data: unknown): Result<Envelope> {
  const parsed = validate(cloudEvent, attributes, '');
  if (!parsed.ok) return parsed;
  const { id, source, subject, time, type } = parsed.value;
  const name = validate(
    nameField,
    type.startsWith(TYPE_PREFIX) ? type.slice(TYPE_PREFIX.length) : type,
    'type',
  );
  if (!name.ok) return name;
  if (!isObject(data)) return refuse('data', 'a JSON object', describe(data));
  return accept({
    name: name.value,
    id,
    source,
    subject: subject ?? null,
    time: time ?? null,
    traceparent: parseTraceparent(attributes['traceparent']),
    data,
  });
}

function readBareJson(message: ReceivedMessage, data: Record<string, unknown>): Result<Envelope> {
  const [word, path] = message.type
    ? [message.type, 'properties.type']
    : [nameInRoutingKey(message), 'routing_key'];
  const name = validate(nameField, word, path);
  if (!name.ok) return name;
  const id = message.messageId || contentId(name.value, message.body);
  if (!isId(id)) return refuse('properties.message_id', ID_EXPECTED, describe(id));
  return accept({
    name: name.value,
    id,
    source: null,
    subject: null,
    time: null,
    traceparent: null,
    data,
  });
}

/** Everything that names the event has to name the same one: a report never counts as an event that its sender may not publish. */
function agreeOnName(message: ReceivedMessage, envelope: Envelope): Result<Envelope> {
  const names: [string, string | undefined][] = [
    ['properties.type', message.type || undefined],
    ['routing_key', nameInRoutingKey(message)],
  ];
  for (const [path, name] of names) {
    if (name !== undefined && name !== envelope.name)
      return refuse(path, `the name of the event, ${envelope.name}`, describe(name));
  }
  return accept(envelope);
}

function nameInRoutingKey(message: ReceivedMessage): string | undefined {
  return message.routingKey.split('.', 1)[0];
}

function contentId(name: string, body: Uint8Array): string {
  return createHash('sha256').update(name).update(body).digest('hex');
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a body as a JSON object in UTF-8 without repeated keys. */
export function readJsonObject(body: Uint8Array): Result<Record<string, unknown>> {
  if (body.byteLength > MAX_MESSAGE_BYTES)
    return refuse('body', `${MAX_MESSAGE_BYTES} bytes at most`, `${body.byteLength} bytes`);
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return refuse('body', 'JSON in UTF-8', 'bytes that are not UTF-8');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const got = text.trim() === '' ? 'nothing' : `text that is not JSON (${errorText(error)})`;
    return refuse('body', 'a JSON object', got);
  }
  if (!isObject(json)) return refuse('body', 'a JSON object', describe(json));
  const repeated = findRepeatedKey(text);
  return repeated === undefined
    ? accept(json)
    : refuse(repeated, 'each key once', 'the same key twice in one object');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
