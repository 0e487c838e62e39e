import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** The part of amqplib's inside that reads and writes header tables. */
export interface Codec {
  decodeFields: (slice: Buffer) => Record<string, unknown>;
  encodeTable: (buffer: Buffer, table: object, offset: number) => number;
}

/** The part of amqplib's inside that reads frames; it keeps a reference of its own to what the codec decodes with. */
export interface Definitions {
  readonly BasicProperties: number;
  decode: (id: number, bytes: Buffer) => Record<string, unknown>;
}

const require = createRequire(import.meta.url);
const lib = join(dirname(require.resolve('amqplib')), 'lib');

export const codec = require(join(lib, 'codec.js')) as Codec;

/** Loaded only when it is asked for: whatever the codec is wrapped in has to be there before. */
export function loadDefinitions(): Definitions {
  return require(join(lib, 'defs.js')) as Definitions;
}
