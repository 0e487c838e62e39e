import fc from 'fast-check';
import {
  array,
  longText,
  nested,
  shortText,
  table,
  text,
  type PropertyName,
  type WireValue,
} from './wire-message.js';

const bytes = (min: number, max = min) =>
  fc.uint8Array({ minLength: min, maxLength: max }).map((it) => Buffer.from(it));

const fixed = (tag: string, length: number) => bytes(length).map((it) => ({ tag, bytes: it }));
const whole = (tag: string, hex: string) =>
  fc.constant({ tag, bytes: Buffer.from(hex.replaceAll(' ', ''), 'hex') });

/** Values that amqplib accepts as the type of an entry `!` of a table, and others. */
const TYPES = [
  ...['string', 'number', 'object', 'boolean', 'undefined', 'bigint', 'double', 'byte', 'int8'],
  ...['uint8', 'short', 'uint16', 'int', 'uint32', 'int64', 'long', 'timestamp', 'float'],
  ...['decimal', 'bogus', ''],
];

/** Names of headers with a meaning for the broker, JavaScript, or us. */
const NAMES = [
  ...['!', 'value', '__proto__', 'constructor', 'toJSON', 'toString', 'length', 'hasOwnProperty'],
  ...['CC', 'BCC', 'x-death', 'x-delivery-count', 'x-acquired-count', 'x-first-death-queue'],
  ...['x-received-at', 'x-error-reason', 'x-original-exchange', 'x-original-user-id'],
  ...['x-headers-unreadable', 'x-match', 'x-delay', 'x-opt-annotation', 'cloudEvents:id'],
];

const known: fc.Arbitrary<WireValue> = fc.oneof(
  fixed('t', 1),
  fixed('b', 1),
  fixed('B', 1),
  fixed('s', 2),
  fixed('u', 2),
  fixed('I', 4),
  fixed('i', 4),
  fixed('l', 8),
  fixed('T', 8),
  fixed('D', 5),
  fixed('V', 0),
  fixed('f', 4),
  fixed('d', 8),
  // NaN and the infinities; the smallest and the largest whole numbers.
  whole('d', '7ff8000000000000'),
  whole('d', '7ff0000000000000'),
  whole('f', 'ff800000'),
  whole('l', '8000000000000000'),
  whole('l', '7fffffffffffffff'),
  whole('T', 'ffffffffffffffff'),
  bytes(0, 40).map((it) => ({ tag: 'S', bytes: longText(it) })),
  bytes(0, 40).map((it) => ({ tag: 'x', bytes: longText(it) })),
  fc.constant(text('x'.repeat(40_000))),
);

/** Types of the specification that RabbitMQ lacks: rare, since it refuses a message with one. */
const unknown = fc.oneof(fixed('L', 8), fixed('U', 2));

const scalar = fc.oneof({ weight: 50, arbitrary: known }, { weight: 1, arbitrary: unknown });

/** The broker refuses all but 1 and 2. */
const deliveryMode = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(1, 2).map((it) => Buffer.of(it)) },
  { weight: 1, arbitrary: bytes(1) },
);

const name = fc.oneof(
  fc.constantFrom(...NAMES).map((it) => Buffer.from(it)),
  bytes(0, 255),
  fc.string({ minLength: 1, maxLength: 20 }).map((it) => Buffer.from(it)),
);

const { value } = fc.letrec<{ value: WireValue; table: WireValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 6, arbitrary: scalar },
    { weight: 2, arbitrary: tie('table') },
    {
      weight: 1,
      arbitrary: fc
        .array(tie('value'), { maxLength: 3 })
        .map((it) => ({ tag: 'A', bytes: array(it) })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(fc.constantFrom(...TYPES), tie('value')).map(([type, it]) => ({
        tag: 'F',
        bytes: table([
          ['!', text(type)],
          ['value', it],
        ]),
      })),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('tables' as const, 'arrays' as const),
          fc.integer({ min: 1, max: 16_000 }),
        )
        .map(([kind, depth]) => nested(kind, depth)),
    },
  ),
  table: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 3 })
    .map((it) => ({ tag: 'F', bytes: table(it) })),
}));

const shortest = fc.oneof(
  bytes(0, 20),
  bytes(255),
  fc.constant(Buffer.from('ENGINE_BACKUP_FAILED')),
);
/** Absent in one of `freq` messages; 1 would make it absent in all. */
const some = <T>(arbitrary: fc.Arbitrary<T>, freq = 2) =>
  fc.option(arbitrary, { nil: undefined, freq });

/**
 * Properties of a message of every type and with every type of header, odd ones too, as bytes: RabbitMQ accepts more than amqplib can
 * write, or even read. `user_id` and `expiration` are left to the test, since the broker acts on them.
 */
export const hostileProperties: fc.Arbitrary<Partial<Record<PropertyName, Buffer>>> = fc
  .record({
    headers: some(fc.array(fc.tuple(name, value), { maxLength: 4 }).map(table), 5),
    contentType: some(shortest.map(shortText)),
    contentEncoding: some(shortest.map(shortText)),
    deliveryMode: some(deliveryMode),
    priority: some(bytes(1)),
    correlationId: some(shortest.map(shortText)),
    replyTo: some(shortest.map(shortText)),
    messageId: some(shortest.map(shortText)),
    timestamp: some(bytes(8)),
    type: some(shortest.map(shortText)),
    appId: some(shortest.map(shortText)),
    clusterId: some(shortest.map(shortText)),
  })
  .map((all) => Object.fromEntries(Object.entries(all).filter(([, it]) => it !== undefined)));

/** A routing key that reaches ingest and audit, with anything as its second part; up to 255 bytes. */
export const hostileRoutingKey: fc.Arbitrary<Buffer> = fc
  .oneof(
    fc.constant(Buffer.from('db')),
    bytes(0, 40),
    bytes(255 - 'ENGINE_BACKUP_COMPLETED.'.length),
  )
  .map((it) => Buffer.concat([Buffer.from('ENGINE_BACKUP_COMPLETED.'), it]));
