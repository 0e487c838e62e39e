import {
  CLOUD_EVENT_CONTENT_TYPE,
  dataSchemaOf,
  ENGINE_BACKUP_EXCHANGE,
  engineSource,
  EVENTS,
  EXCHANGES,
  PRODUCT_SOURCE,
  REQUESTS,
  TYPE_PREFIX,
  type DataDescription,
  type EventDescription,
  type Exchange,
  type RequestDescription,
} from '@backup-awareness/contracts';
import { z } from 'zod';
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
    channels: {
      ...Object.fromEntries(
        EXCHANGES.filter(isPublic).map((exchange) => [exchange.name, channel(exchange)]),
      ),
      ...Object.fromEntries(
        REQUESTS.map(({ name }) => [
          answerTo(name),
          {
            // Given by the request's reply-to, amq.rabbitmq.reply-to.
            address: null,
            messages: { [answerTo(name)]: { $ref: `#/components/messages/${answerTo(name)}` } },
          },
        ]),
      ),
    },
    operations: Object.fromEntries([
      ...EVENTS.map((event) => [
        event.name,
        {
          action: event.exchange === ENGINE_BACKUP_EXCHANGE ? 'receive' : 'send',
          channel: { $ref: `#/channels/${event.exchange}` },
          messages: [{ $ref: `#/channels/${event.exchange}/messages/${event.name}` }],
          summary: `${event.summary} (routing key ${event.routingKey})`,
        },
      ]),
      ...REQUESTS.map((request) => [request.name, answering(request)]),
    ]),
    components: {
      messages: Object.fromEntries([
        ...EVENTS.map((event) => [event.name, messageOf(event)]),
        ...REQUESTS.flatMap((request) => [
          [request.name, requestMessage(request)],
          [answerTo(request.name), answerMessage(request)],
        ]),
      ]),
    },
  };
}

/** Exchanges that others publish to or bind to. */
function isPublic({ name }: Exchange): boolean {
  return [...EVENTS, ...REQUESTS].some(({ exchange }) => exchange === name);
}

function channel({ name, type }: Exchange): object {
  const messages = [...EVENTS, ...REQUESTS].filter(({ exchange }) => exchange === name);
  return {
    address: name,
    messages: Object.fromEntries(
      messages.map((message) => [message.name, { $ref: `#/components/messages/${message.name}` }]),
    ),
    bindings: {
      amqp: { is: 'routingKey', exchange: { name, type, durable: true, vhost: '/' } },
    },
  };
}

const answerTo = (name: string): string => `${name}.answer`;

function answering({ name, summary, exchange }: RequestDescription): object {
  return {
    action: 'receive',
    channel: { $ref: `#/channels/${exchange}` },
    messages: [{ $ref: `#/channels/${exchange}/messages/${name}` }],
    summary: `${summary} (routing key ${name})`,
    reply: {
      address: { location: '$message.header#/reply_to', description: 'amq.rabbitmq.reply-to' },
      channel: { $ref: `#/channels/${answerTo(name)}` },
      messages: [{ $ref: `#/channels/${answerTo(name)}/messages/${answerTo(name)}` }],
    },
  };
}

function requestMessage({ name, summary }: RequestDescription): object {
  return {
    name,
    summary,
    headers: {
      type: 'object',
      required: ['reply_to'],
      properties: {
        reply_to: { const: 'amq.rabbitmq.reply-to' },
        correlation_id: {
          type: 'string',
          description: 'Comes back in each message of the answer.',
        },
      },
    },
    payload: { description: 'Ignored; may be empty.' },
  };
}

function answerMessage({ name, answer, example }: RequestDescription): object {
  const { $schema: _, ...payload } = z.toJSONSchema(answer, {
    io: 'input',
    unrepresentable: 'any',
  });
  return {
    name: answerTo(name),
    summary: `An answer to ${name}`,
    contentType: 'application/json',
    payload,
    examples: [{ name: answerTo(name), payload: example }],
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
        traceparent: {
          type: 'string',
          pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$',
          description:
            'W3C Trace Context: the trace of the run of engine-backup that led here; absent where none is known.',
        },
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
export function exampleOf({ name }: DataDescription, data: unknown): object {
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
