import type { ConfirmChannel } from 'amqplib';

/** The properties of AMQP 0-9-1 in the order of the wire; the position gives the flag. */
const PROPERTIES = [
  'contentType',
  'contentEncoding',
  'headers',
  'deliveryMode',
  'priority',
  'correlationId',
  'replyTo',
  'expiration',
  'messageId',
  'timestamp',
  'type',
  'userId',
  'appId',
  'clusterId',
] as const;
export type PropertyName = (typeof PROPERTIES)[number];

/** A message as bytes, which need not be what a client library would write. */
export interface WireMessage {
  readonly exchange: string;
  readonly routingKey: Buffer;
  /** Each value as on the wire: from `shortText` or `table`, or any bytes. */
  readonly properties: Readonly<Partial<Record<PropertyName, Buffer>>>;
  readonly body: Buffer;
}

/** A value of a header table: the letter of its type, and its bytes. */
export interface WireValue {
  readonly tag: string;
  readonly bytes: Buffer;
}

/** @param text at most 255 bytes */
export function shortText(text: Buffer | string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

export function longText(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

export function text(value: string): WireValue {
  return { tag: 'S', bytes: longText(Buffer.from(value)) };
}

export function table(entries: readonly (readonly [Buffer | string, WireValue])[]): Buffer {
  return longText(
    Buffer.concat(entries.flatMap(([name, value]) => [shortText(name), tagged(value)])),
  );
}

export function array(values: readonly WireValue[]): Buffer {
  return longText(Buffer.concat(values.map(tagged)));
}

/** Tables or arrays nested `depth` deep. */
export function nested(kind: 'tables' | 'arrays', depth: number): WireValue {
  const [tag, name] = kind === 'tables' ? ['F', shortText('k')] : ['A', Buffer.alloc(0)];
  const layerBytes = name.length + 1 + 4;
  const all = Buffer.alloc(layerBytes * depth);
  for (let i = 0; i < depth; i++) {
    const at = layerBytes * i;
    name.copy(all, at);
    all.write(tag, at + name.length);
    all.writeUInt32BE(layerBytes * (depth - 1 - i), at + name.length + 1);
  }
  return { tag, bytes: longText(all) };
}

function tagged({ tag, bytes }: WireValue): Buffer {
  return Buffer.concat([Buffer.from(tag, 'latin1'), bytes]);
}

/**
 * Publishes a message with a confirm, frame by frame.
 *
 * @throws if the broker closes the channel or the connection because of it, as it does for what it cannot parse
 */
export async function publishOnWire(channel: ConfirmChannel, message: WireMessage): Promise<void> {
  const { ch, connection, pushConfirmCallback } = channel as unknown as {
    ch: number;
    connection: { stream: { write(bytes: Buffer): void } };
    pushConfirmCallback(this: ConfirmChannel, settle: (error: unknown) => void): void;
  };
  await new Promise<void>((resolve, reject) => {
    // Without this listener Node would throw the error; the callback reports it as well.
    channel.on('error', reject);
    channel.on('close', () => reject(new Error('the channel was closed')));
    pushConfirmCallback.call(channel, (error) => (error ? reject(error as Error) : resolve()));
    connection.stream.write(framesOf(ch, message));
  });
}

const FRAME_METHOD = 1;
const FRAME_HEADER = 2;
const FRAME_BODY = 3;
const FRAME_END = 0xce;
/** Below every broker's limit for frames. */
const BODY_FRAME_BYTES = 4_000;

function framesOf(
  channel: number,
  { exchange, routingKey, properties, body }: WireMessage,
): Buffer {
  const method = Buffer.concat([
    Buffer.from([0, 60, 0, 40, 0, 0]),
    shortText(exchange),
    shortText(routingKey),
    Buffer.from([0]),
  ]);
  const header = Buffer.alloc(14);
  header.writeUInt16BE(60, 0);
  header.writeBigUInt64BE(BigInt(body.length), 4);
  const present = PROPERTIES.filter((name) => properties[name] !== undefined);
  const flags = present.reduce((sum, name) => sum | (0x8000 >> PROPERTIES.indexOf(name)), 0);
  header.writeUInt16BE(flags, 12);
  const bodies = Array.from({ length: Math.ceil(body.length / BODY_FRAME_BYTES) }, (_, i) =>
    body.subarray(i * BODY_FRAME_BYTES, (i + 1) * BODY_FRAME_BYTES),
  );
  return Buffer.concat([
    frame(FRAME_METHOD, channel, method),
    frame(
      FRAME_HEADER,
      channel,
      Buffer.concat([header, ...present.map((name) => properties[name]!)]),
    ),
    ...bodies.map((part) => frame(FRAME_BODY, channel, part)),
  ]);
}

function frame(type: number, channel: number, payload: Buffer): Buffer {
  const start = Buffer.alloc(7);
  start.writeUInt8(type, 0);
  start.writeUInt16BE(channel, 1);
  start.writeUInt32BE(payload.length, 3);
  return Buffer.concat([start, payload, Buffer.from([FRAME_END])]);
}
