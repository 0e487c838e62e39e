import { gzipSync } from 'node:zlib';
import type { Options } from 'amqplib';
import { cloudEvent, report } from './report.js';

/** A way in which a message can be invalid, and how that is reported. */
export interface MalformedKind {
  readonly what: string;
  readonly body: Buffer;
  readonly routingKey: string;
  readonly options: Options.Publish;
  /** Where the error is. */
  readonly path: string;
  /** What is there. */
  readonly got: string | RegExp;
}

const ROUTING_KEY = 'ENGINE_BACKUP_COMPLETED.db';
const CLOUD_EVENT = { contentType: 'application/cloudevents+json' };
const GOOD = report({ fqdn: 'malformed.example.com' });

type Way = Partial<Pick<MalformedKind, 'routingKey' | 'options'>>;

function raw(
  what: string,
  body: Buffer | string,
  path: string,
  got: string | RegExp,
  way: Way = {},
): MalformedKind {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(body);
  return { what, body: bytes, path, got, routingKey: ROUTING_KEY, options: {}, ...way };
}

/** Bare JSON with another value of one field; undefined leaves it out. */
function field(name: string, value: unknown, got: string | RegExp, way?: Way): MalformedKind {
  const what = value === undefined ? `without ${name}` : `${name} is ${describe(value)}`;
  return raw(what, JSON.stringify({ ...GOOD, [name]: value }), `data.${name}`, got, way);
}

/** A CloudEvent with another value of one attribute. */
function attribute(
  name: string,
  value: unknown,
  got: string | RegExp,
  path = name,
  way: Way = { options: CLOUD_EVENT },
): MalformedKind {
  const what =
    value === undefined
      ? `CloudEvent without ${name}`
      : `CloudEvent with ${name} ${describe(value)}`;
  const body = JSON.stringify({ ...cloudEvent(GOOD, 'malformed'), [name]: value });
  return raw(what, body, path, got, way);
}

function describe(value: unknown): string {
  const json = JSON.stringify(value);
  return json.length > 40 ? `${json.slice(0, 40)}… (${json.length})` : json;
}

const json = JSON.stringify(GOOD);
const TWICE = 'the same key twice in one object';
const NOT_JSON = /^text that is not JSON \(.+\)$/;

export const MALFORMED_KINDS: readonly MalformedKind[] = [
  raw('an empty body', '', 'body', 'nothing'),
  raw('white space', ' \r\n\t', 'body', 'nothing'),
  raw('truncated JSON', json.slice(0, -10), 'body', NOT_JSON),
  raw('plain text', 'Backup Finished', 'body', NOT_JSON),
  raw('XML', '<backup scope="db"/>', 'body', NOT_JSON),
  raw('single quotes', json.replaceAll('"', "'"), 'body', NOT_JSON),
  raw('two objects', `${json}\n${json}`, 'body', NOT_JSON),
  raw('a trailing comma', json.replace(/}$/, ',}'), 'body', NOT_JSON),
  raw('a raw line break inside a text', json.replace('Finished', '\n'), 'body', NOT_JSON),
  raw('NaN', json.replace('"status":1', '"status":NaN'), 'body', NOT_JSON),
  raw(
    'bytes that are not UTF-8',
    Buffer.from(json.replace('Finished', 'Gr\u00fc\u00dfe'), 'latin1'),
    'body',
    'bytes that are not UTF-8',
  ),
  raw('UTF-16', Buffer.from(`\ufeff${json}`, 'utf16le'), 'body', 'bytes that are not UTF-8'),
  raw('gzip', gzipSync(json), 'body', 'bytes that are not UTF-8'),
  raw('an array', `[${json}]`, 'body', 'an array of 1'),
  raw(
    'arrays nested 50,000 deep',
    '['.repeat(50_000) + ']'.repeat(50_000),
    'body',
    /array|not JSON/,
  ),
  raw('a number', '42', 'body', 'the number 42'),
  raw('a text', JSON.stringify(json), 'body', /^"/),
  raw('null', 'null', 'body', 'null'),
  raw('true', 'true', 'body', 'the boolean true'),
  raw('an empty object', '{}', 'data.scope', 'nothing'),

  field('scope', undefined, 'nothing'),
  field('scope', 7, 'the number 7'),
  field('scope', '', '""'),
  field('scope', 'DB', '"DB"'),
  field('scope', 'db files', '"db files"'),
  field('scope', 'all', '"all"', { routingKey: 'ENGINE_BACKUP_COMPLETED.all' }),
  field('scope', ['db', 'files'], 'an array of 2'),
  field('scope', `s${'x'.repeat(64)}`, /^"sxxx/),
  field('scope', "db'; DROP TABLE engine_backup_log; --", /DROP TABLE/),

  field('done_at', undefined, 'nothing'),
  field('done_at', null, 'null'),
  field('done_at', 1_763_870_000, 'the number 1763870000'),
  field('done_at', 'yesterday', '"yesterday"'),
  field('done_at', '2026-11-23T04:05:06', '"2026-11-23T04:05:06"'),
  field('done_at', '2026-11-23 04:05:06+00', '"2026-11-23 04:05:06+00"'),
  field('done_at', '2026-02-30T00:00:00Z', '"2026-02-30T00:00:00Z"'),
  field('done_at', '2026-11-23T25:00:00Z', '"2026-11-23T25:00:00Z"'),
  field('done_at', '1969-12-31T23:59:59Z', '"1969-12-31T23:59:59Z"'),
  field('done_at', '+010000-01-01T00:00:00Z', /^"/),
  field('done_at', 'infinity', '"infinity"'),

  field('status', undefined, 'nothing'),
  field('status', null, 'null'),
  field('status', '1', '"1"'),
  field('status', true, 'the boolean true'),
  field('status', 2, 'the number 2'),
  field('status', 0.5, 'the number 0.5'),
  raw('status twice', json.replace('"status":1', '"status":-1,"status":1'), 'status', TWICE),
  field('status', -1, 'the number -1'),
  field('status', 0, 'the number 0'),

  field('output_message', undefined, 'nothing'),
  field('output_message', null, 'null'),
  field('output_message', { text: 'Backup Finished' }, 'an object'),
  field('log_path', undefined, 'nothing'),
  field('log_path', 0, 'the number 0'),

  field('fqdn', undefined, 'nothing'),
  field('fqdn', '', '""'),
  field('fqdn', '.', '"."'),
  field('fqdn', 'engine example.com', '"engine example.com"'),
  field('fqdn', 'engine_1.example.com', '"engine_1.example.com"'),
  field('fqdn', 'm\u00fcller.example.com', /^"m\u00fcller/),
  field('fqdn', 'x'.repeat(256), /^"xxx/),
  field('fqdn', 127, 'the number 127'),
  field('fqdn', 'engine.example.com\u0000', /^"/),
  field('run_id', '', '""'),
  field('run_id', 12, 'the number 12'),

  attribute('specversion', '0.3', '"0.3"'),
  attribute('specversion', undefined, 'nothing'),
  attribute('id', undefined, 'nothing'),
  attribute('id', '', '""'),
  attribute('id', 'x'.repeat(256), /^"xxx/),
  attribute('id', 5, 'the number 5'),
  attribute('source', undefined, 'nothing'),
  attribute('source', '', '""'),
  attribute('source', '/ovirt/engines/another.example.com', /another/),
  attribute('source', 'engine-backup', '"engine-backup"'),
  attribute('subject', 'files', '"files"'),
  attribute('subject', 1, 'the number 1'),
  attribute('type', undefined, 'nothing'),
  attribute('type', 9025, 'the number 9025'),
  attribute('type', 'org.ovirt.ENGINE_BACKUP_FAILED', /COMPLETED/, 'routing_key'),
  attribute('type', 'org.ovirt.BackupAlertRaised', /COMPLETED/, 'routing_key'),
  attribute('time', 'today', '"today"'),
  attribute('data', undefined, 'nothing'),
  attribute('data', json, /^"/),
  attribute('data', [GOOD], 'an array of 1'),
  raw(
    'a CloudEvent with two types',
    JSON.stringify(cloudEvent(GOOD, 'malformed')).replace(
      '{',
      '{"type":"org.ovirt.ENGINE_BACKUP_FAILED",',
    ),
    'type',
    TWICE,
    { options: CLOUD_EVENT },
  ),
  raw(
    'a CloudEvent in binary mode without id',
    json,
    'properties.headers.cloudEvents:id',
    'nothing',
    {
      options: { headers: { 'cloudEvents:specversion': '1.0' } },
    },
  ),
  raw(
    'a CloudEvent whose headers say another type',
    JSON.stringify(cloudEvent(GOOD, 'malformed')),
    'properties.headers.cloudEvents:type',
    /FAILED/,
    {
      options: {
        ...CLOUD_EVENT,
        headers: { 'cloudEvents:type': 'org.ovirt.ENGINE_BACKUP_FAILED' },
      },
    },
  ),
  raw('bare JSON with the content type of a CloudEvent', json, 'specversion', 'nothing', {
    options: CLOUD_EVENT,
  }),

  raw('another event in the property type', json, 'routing_key', /COMPLETED/, {
    options: { type: 'ENGINE_BACKUP_FAILED' },
  }),
  raw('another scope in the routing key', json, 'routing_key', '"ENGINE_BACKUP_COMPLETED.files"', {
    routingKey: 'ENGINE_BACKUP_COMPLETED.files',
  }),
  raw('another event in the routing key', json, 'data.status', 'the number 1', {
    routingKey: 'ENGINE_BACKUP_FAILED.db',
  }),
];
