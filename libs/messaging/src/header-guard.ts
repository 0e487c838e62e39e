import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { UNREADABLE_HEADERS } from '@backup-awareness/contracts';

interface Codec {
  decodeFields: (slice: Buffer) => Record<string, unknown>;
}

/**
 * A workaround for amqplib 2.3: it decodes header tables by recursion, and a table nested some 10,000 deep, which RabbitMQ accepts,
 * overflows the stack before anybody sees the message. The connection is lost, the message comes again, and so on for ever.
 *
 * Guarded, such headers are replaced by one that says why they cannot be read, and the message is judged like any other.
 * This has to run before amqplib is loaded, which keeps a reference of its own to the function.
 */
function guardHeaders(): void {
  const require = createRequire(import.meta.url);
  const codec: Codec = require(join(dirname(require.resolve('amqplib')), 'lib', 'codec.js'));
  const { decodeFields } = codec;
  codec.decodeFields = (slice) => {
    try {
      return decodeFields(slice);
    } catch (error) {
      if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      return { [UNREADABLE_HEADERS]: error.message };
    }
  };
}

guardHeaders();
