import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** amqplib's internal reader and writer of header tables. */
export interface Codec {
  decodeFields: (slice: Buffer) => Record<string, unknown>;
  encodeTable: (buffer: Buffer, table: object, offset: number) => number;
}

/** amqplib's internal reader of frames; it keeps its own references to the codec's functions. */
export interface Definitions {
  readonly BasicProperties: number;
  decode: (id: number, bytes: Buffer) => Record<string, unknown>;
}

const require = createRequire(import.meta.url);
const lib = join(dirname(require.resolve('amqplib')), 'lib');

export const codec = require(join(lib, 'codec.js')) as Codec;

/** Loaded lazily: the codec must be wrapped first. */
export function loadDefinitions(): Definitions {
  return require(join(lib, 'defs.js')) as Definitions;
}
