import {
  CLOUD_EVENT_CONTENT_TYPE,
  dataSchemaOf,
  engineSource,
  EVENTS,
  EXCHANGES,
  PRODUCT_SOURCE,
  TYPE_PREFIX,
  type EventDescription,
} from '@backup-awareness/contracts';
import { dataSchema, examplesOf } from './event-schema.js';

/** The AsyncAPI document of all messages, built from the schemas by which the services parse them. */
export function asyncApi(version: string): object {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Backup Awareness',
      version,
      license: { name: 'Apache-2.0' },
      description:
        'CloudEvents 1.0 in structured JSON over AMQP 0-9-1, persistent. Reports may also be bare JSON: the data alone.',
    },
    defaultContentType: CLOUD_EVENT_CONTENT_TYPE,
    channels: Object.fromEntries(
      EXCHANGES.filter(({ type }) => type === 'topic').map(({ name, type }) => [
        name,
        {
          address: name,
          messages: Object.fromEntries(
            EVENTS.filter(({ exchange }) => exchange === name).map((event) => [
              event.name,
              { $ref: `#/components/messages/${event.name}` },
            ]),
          ),
          bindings: {
            amqp: { is: 'routingKey', exchange: { name, type, durable: true, vhost: '/' } },
          },
        },
      ]),
    ),
    operations: Object.fromEntries(
      EVENTS.map((event) => [
        event.name,
        {
          action: event.exchange === 'ovirt.engine-backup' ? 'receive' : 'send',
          channel: { $ref: `#/channels/${event.exchange}` },
          messages: [{ $ref: `#/channels/${event.exchange}/messages/${event.name}` }],
          summary: `${event.summary} (routing key ${event.routingKey})`,
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(EVENTS.map((event) => [event.name, messageOf(event)])),
    },
  };
}

function messageOf(event: EventDescription): object {
  const type = TYPE_PREFIX + event.name;
  const dataschema = dataSchemaOf(event.name);
  const { $schema: _, ...data } = dataSchema(event);
  return {
    name: event.name,
    summary: event.summary,
    contentType: CLOUD_EVENT_CONTENT_TYPE,
    payload: {
      type: 'object',
      required: ['specversion', 'id', 'source', 'type', 'data'],
      properties: {
        specversion: { const: '1.0' },
        id: { type: 'string', minLength: 1, maxLength: 255 },
        source: { type: 'string' },
        type: { const: type },
        subject: { type: 'string' },
        time: { type: 'string', format: 'date-time' },
        datacontenttype: { const: 'application/json' },
        dataschema: { const: dataschema },
        data,
      },
    },
    examples: examplesOf(event).map((example) => ({
      name: event.name,
      payload: exampleOf(event, example),
    })),
  };
}

/** @returns the CloudEvent on the wire that has these data */
export function exampleOf({ name }: EventDescription, data: unknown): object {
  const { fqdn } = data as { readonly fqdn?: string };
  return {
    specversion: '1.0',
    id: '019ab0c5-1f2d-7b0a-9c11-2d4f6a8b0c1e',
    source: fqdn === undefined ? PRODUCT_SOURCE : engineSource(fqdn),
    type: TYPE_PREFIX + name,
    time: '2026-11-23T03:00:00.120Z',
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(name),
    data,
  };
}
