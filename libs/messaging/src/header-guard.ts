import { UNREADABLE_HEADERS } from '@backup-awareness/contracts/plain';
import { codec, loadDefinitions } from './amqplib-codec.js';

/**
 * A workaround for amqplib 2.3: whatever is thrown while it decodes one message's properties (it reads header tables by recursion, and
 * one nested some 10,000 deep, which RabbitMQ accepts, overflows the stack) ends the connection before anybody sees the message,
 * which comes again, and so on for ever.
 *
 * Guarded, such headers are replaced by one that says why they cannot be read, and the message is judged like any other; so are all
 * properties, where it is not the headers that cannot be read. This has to run before amqplib is loaded, which keeps references of its
 * own to these functions.
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
