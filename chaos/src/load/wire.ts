import { publishOnWire, type WireMessage } from '@backup-awareness/testing/messages';
import { connect, type ChannelModel } from 'amqplib';

/** Several at once, so that one batch of a consumer may contain several of these messages. */
const LANES = 8;
/** The connection is closed because the broker stops or an operator wants it: not because of a message. */
const CONNECTION_FORCED = 320;

/** Publishes messages byte for byte, next to the connection of ordinary messages. */
export interface Wire {
  /**
   * Resolves with whether the broker confirmed the message or closed the channel or the connection because of it.
   *
   * @throws where it is unknown what became of the message
   */
  send(message: WireMessage): Promise<'confirmed' | 'refused'>;
  close(): Promise<void>;
}

export function openWire(amqpUrl: string): Wire {
  const lanes = Array.from({ length: LANES }, () => openLane(amqpUrl));
  let count = 0;
  return {
    send: (message) => lanes[count++ % LANES]!.send(message),
    close: async () => void (await Promise.all(lanes.map((lane) => lane.close()))),
  };
}

interface Connection {
  readonly model: ChannelModel;
  /** What the broker closed it with. */
  closedBy?: unknown;
}

/** One message at a time: what the broker closes, it closes because of that one. */
function openLane(amqpUrl: string): Wire {
  let connection: Connection | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const close = async (): Promise<void> => {
    const closing = connection;
    connection = undefined;
    await closing?.model.close().catch(() => undefined);
  };
  const sendAlone = async (message: WireMessage): Promise<'confirmed' | 'refused'> => {
    const current = (connection ??= await openConnection(amqpUrl));
    try {
      const channel = await current.model.createConfirmChannel();
      await publishOnWire(channel, message);
      channel.close().catch(() => undefined);
      return 'confirmed';
    } catch (error) {
      await close();
      if (isRefusal(current.closedBy ?? error)) return 'refused';
      throw error;
    }
  };
  return {
    send: (message) => {
      const sent = last.then(() => sendAlone(message));
      last = sent.catch(() => undefined);
      return sent;
    },
    close,
  };
}

async function openConnection(amqpUrl: string): Promise<Connection> {
  const connection: Connection = {
    model: await connect(amqpUrl, { noDelay: true, timeout: 5_000 }),
  };
  connection.model.on('error', (error: unknown) => {
    connection.closedBy ??= error;
  });
  return connection;
}

/** Only what the broker says has a code of AMQP; a socket that breaks has none. */
function isRefusal(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'number' && code !== CONNECTION_FORCED;
}
