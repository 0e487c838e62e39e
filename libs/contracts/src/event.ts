import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** An event of ours to publish, as the outbox keeps it. */
export interface OutgoingEvent<D = unknown> {
  readonly id: string;
  /** The event's name; on the wire its CloudEvent `type` is `org.ovirt.` and the name. */
  readonly name: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly source: string;
  readonly subject: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly data: D;
}

export const CLOUD_EVENT_CONTENT_TYPE = 'application/cloudevents+json';
export const TYPE_PREFIX = 'org.ovirt.';

/** The `source` of events about no single engine. */
export const PRODUCT_SOURCE = '/ovirt/backup-awareness';

/** The `source` of an engine's events is this and its host name. */
export const ENGINE_SOURCE_PREFIX = '/ovirt/engines/';

export function engineSource(fqdn: string): string {
  return ENGINE_SOURCE_PREFIX + fqdn;
}

const RANDOM_BYTES_OF_AN_ID = 16;
const randomBytes = Buffer.alloc(256 * RANDOM_BYTES_OF_AN_ID);
let usedBytes = randomBytes.length;

/** A new id: UUIDv7, so that later ones sort later and inserts stay local. */
export function newEventId(): string {
  return v7({ rng: nextRandomBytes });
}

/** Draws for many ids at once: drawing for a single one takes ten times as long as all the rest. */
function nextRandomBytes(): Uint8Array {
  if (usedBytes === randomBytes.length) {
    randomFillSync(randomBytes);
    usedBytes = 0;
  }
  return randomBytes.subarray(usedBytes, (usedBytes += RANDOM_BYTES_OF_AN_ID));
}

/** The CloudEvent on the wire, structured JSON. */
export function encodeCloudEvent(event: OutgoingEvent): Buffer {
  return Buffer.from(
    JSON.stringify({
      specversion: '1.0',
      id: event.id,
      source: event.source,
      type: TYPE_PREFIX + event.name,
      subject: event.subject,
      time: event.time,
      datacontenttype: 'application/json',
      data: event.data,
    }),
  );
}
