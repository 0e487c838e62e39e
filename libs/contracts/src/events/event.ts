/** An event of ours on its way out: what the outbox keeps and a publisher sends. */
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
  /** W3C Trace Context: the trace that led to this event, where one is known. */
  readonly traceparent?: string | null;
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

const SCHEMAS = 'https://ovirt.org/backup-awareness/schemas';

/**
 * The `dataschema` of an event, and the `$id` of its schema in `docs/schemas`. It identifies the schema; nothing is served there.
 * Only optional fields are ever added: what breaks readers becomes an event of its own, whose name ends in `.v2`.
 */
export function dataSchemaOf(name: string): string {
  return `${SCHEMAS}/${name}/1.json`;
}

/** The fields of an event that are in its CloudEvent. */
export type CloudEventFields = Omit<OutgoingEvent, 'exchange' | 'routingKey'>;

/** The CloudEvent as JSON has it. */
export function cloudEventOf(event: CloudEventFields): object {
  return {
    specversion: '1.0',
    id: event.id,
    source: event.source,
    type: TYPE_PREFIX + event.name,
    subject: event.subject,
    time: event.time,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(event.name),
    ...(event.traceparent ? { traceparent: event.traceparent } : {}),
    data: event.data,
  };
}

/** The CloudEvent on the wire, structured JSON. */
export function encodeCloudEvent(event: CloudEventFields): Buffer {
  return Buffer.from(JSON.stringify(cloudEventOf(event)));
}
