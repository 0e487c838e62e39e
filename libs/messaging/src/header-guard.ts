import { UNREADABLE_HEADERS } from '@backup-awareness/contracts/plain';
import { codec, loadDefinitions } from './amqplib-codec.js';

/**
 * A workaround for amqplib 2.3: an error while it decodes a message's properties ends the connection before we see the message, which is
 * then redelivered, and so on for ever. It decodes header tables recursively, and one nested some 10,000 deep, which RabbitMQ accepts,
 * overflows the stack.
 *
 * The guard replaces such headers, or all properties if something else in them cannot be decoded, with one header that says why; the
 * message is then judged like any other. Must run before amqplib is loaded, which keeps its own references to these functions.
 */
function guardHeaders(): void {
  const { decodeFields } = codec;
  codec.decodeFields = (slice) => readable(() => decodeFields(slice));
  const definitions = loadDefinitions();
  const { decode, BasicProperties } = definitions;
  definitions.decode = (id, bytes) =>
    id === BasicProperties
      ? readable(
          () => decode(id, bytes),
          (headers) => ({ headers }),
        )
      : decode(id, bytes);
}

function readable(
  read: () => Record<string, unknown>,
  inPlace = (headers: Record<string, unknown>) => headers,
): Record<string, unknown> {
  try {
    return read();
  } catch (error) {
    return inPlace({
      [UNREADABLE_HEADERS]: error instanceof Error ? error.message : String(error),
    });
  }
}

guardHeaders();
