import { parseInstant } from '../values/instant.js';
import type { ReceivedMessage } from './received-message.js';
import { accept, describe, refuse, type Result } from '../values/result.js';

/** Prefixes of the headers that hold a CloudEvent's attributes; the second is for clients whose header names allow no colon. */
const PREFIXES = ['cloudEvents:', 'cloudEvents_'] as const;

/** Attributes by name, with the values that JSON would have. */
export type CloudEventAttributes = Readonly<Record<string, unknown>>;

/**
 * Reads the attributes of a CloudEvent in binary mode: they are in the headers, and the body is its data.
 *
 * @returns undefined if no header is an attribute; refused if two of them contradict each other
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/amqp-protocol-binding.md#31-binary-content-mode
 */
export function readCloudEventHeaders(
  headers: ReceivedMessage['headers'],
): Result<CloudEventAttributes | undefined> {
  const attributes = new Map<string, unknown>();
  for (const [header, raw] of Object.entries(headers)) {
    const prefix = PREFIXES.find((it) => header.startsWith(it));
    if (prefix === undefined) continue;
    const name = header.slice(prefix.length);
    const value = jsonOf(raw);
    if (attributes.has(name) && !isSame(name, attributes.get(name), value))
      return refuse(
        `properties.headers.${header}`,
        `${describe(attributes.get(name))}, as in another header`,
        describe(value),
      );
    attributes.set(name, value);
  }
  return accept(attributes.size === 0 ? undefined : Object.fromEntries(attributes));
}

/**
 * Compares the attributes in the headers with those in the body of a CloudEvent that has both.
 *
 * @returns refused for the first that differs
 */
export function agreeWithHeaders(
  attributes: CloudEventAttributes,
  body: Readonly<Record<string, unknown>>,
): Result<undefined> {
  for (const [name, value] of Object.entries(attributes)) {
    if (!isSame(name, body[name], value))
      return refuse(
        `properties.headers.cloudEvents:${name}`,
        `${describe(body[name])}, as in the body`,
        describe(value),
      );
  }
  return accept(undefined);
}

/** An instant may be written in more than one way. A trace never makes a message invalid: what passes it on may have changed it. */
function isSame(name: string, a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || name === 'traceparent') return true;
  if (name !== 'time' || typeof a !== 'string' || typeof b !== 'string') return false;
  const instant = parseInstant(a);
  return instant !== undefined && instant === parseInstant(b);
}

const MS_OF_SECOND = 1_000;
const LATEST_SECOND = 8.64e12;

/** AMQP has its own type for instants, in seconds, which amqplib wraps in an object. */
function jsonOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('!' in value) || !('value' in value))
    return value;
  const { '!': type, value: seconds } = value;
  const isInstant =
    type === 'timestamp' && typeof seconds === 'number' && Math.abs(seconds) <= LATEST_SECOND;
  return isInstant ? new Date(seconds * MS_OF_SECOND).toISOString() : value;
}
